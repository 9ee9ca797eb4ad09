-- _patchmail.check_merger(from_id, into_id): refuses two series that cannot be one.
-- Errors   check_violation if they are the same, of two projects, or both have what leads a series: a cover letter or
--          a patch numbered 0; or if there is no patch to put into the other.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_merger(from_id integer, into_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    leads integer := (
        SELECT count(*)
          FROM (SELECT s.id FROM public.patchwork_series s
                 WHERE s.id IN (from_id, into_id) AND s.cover_letter_id IS NOT NULL
                UNION
                SELECT l.series_id
                  FROM (SELECT _patchmail.series_messages(u) AS m FROM unnest(ARRAY[from_id, into_id]) u) x
                  JOIN patchmail.message l ON l.thread = (x.m).thread
                 WHERE l.series_id IN (from_id, into_id) AND l.kind = 'patch' AND l.number = 0) x);
    wrong text := CASE
        WHEN from_id = into_id THEN format('series %s is the same series', from_id)
        WHEN (SELECT count(DISTINCT coalesce(s.project_id, 0)) FROM public.patchwork_series s
               WHERE s.id IN (from_id, into_id)) > 1 THEN
            format('series %s and %s are of different projects', from_id, into_id)
        WHEN leads > 1 THEN format('series %s and %s both have a cover letter', from_id, into_id)
        WHEN NOT EXISTS (SELECT FROM public.patchwork_patch p WHERE p.series_id = from_id) THEN
            format('series %s has no patches', from_id)
    END;
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
END
$$;
