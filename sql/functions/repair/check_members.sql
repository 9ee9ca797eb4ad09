-- _patchmail.check_members(series_id, patches): refuses patches that cannot be split off a series.
-- Errors   check_violation if one is not of that series, or if they are all of its patches.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_members(series_id integer, patches integer[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    others integer[] := ARRAY(SELECT p.id FROM public.patchwork_patch p
                               WHERE p.id = ANY (patches) AND p.series_id IS DISTINCT FROM check_members.series_id
                               ORDER BY p.id);
BEGIN
    IF others <> '{}' THEN
        RAISE EXCEPTION 'patch % is not of series %', others[1], series_id USING ERRCODE = 'check_violation';
    ELSIF NOT EXISTS (SELECT FROM public.patchwork_patch p
                       WHERE p.series_id = check_members.series_id AND p.id <> ALL (patches)) THEN
        RAISE EXCEPTION 'these are all patches of series %: nothing of it would be left', series_id
            USING ERRCODE = 'check_violation';
    END IF;
END
$$;
