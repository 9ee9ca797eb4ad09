-- _patchmail.series_completion(series_id, first): reports what is complete in a series.
-- Takes    the series, and the number to begin with: those below are complete.
-- Gives    patch-completed for each patch with all lower numbers there, series-completed if all its numbers are.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_completion(series_id integer, first integer DEFAULT 1)
RETURNS TABLE (category text, project_id integer, patch_id integer) LANGUAGE plpgsql STABLE AS $$
DECLARE
    patch record;
    run   integer := first - 1;  -- the numbers from 1 to this one are there
BEGIN
    FOR patch IN
        SELECT p.id, p.project_id, p.number, s.total
          FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
         WHERE p.series_id = series_completion.series_id AND p.number >= first ORDER BY p.number
    LOOP
        EXIT WHEN patch.number > run + 1;
        run := patch.number;
        category := 'patch-completed';
        project_id := patch.project_id;
        patch_id := patch.id;
        RETURN NEXT;
        IF run = patch.total THEN
            category := 'series-completed';
            patch_id := NULL;
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
