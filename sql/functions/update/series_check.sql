-- patchmail.series_check(series_id, change, actor, dry_run): adds the same check to each patch of a series.
-- Takes    see patchmail.check_create().
-- Gives    the rows of patchmail.audit, one for each patch, in the order of the series.
-- Errors   no_data_found, also for a series without patches; check_violation.
-- Touches  what patchmail.check_create() does.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.series_check(series_id integer, change jsonb, actor text,
                                                  dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    patches integer[] := ARRAY(SELECT p.id FROM public.patchwork_patch p
                                WHERE p.series_id = series_check.series_id ORDER BY p.number, p.id);
BEGIN
    IF NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = series_check.series_id) THEN
        RAISE EXCEPTION 'there is no series %', coalesce(series_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    ELSIF patches = '{}' THEN
        RAISE EXCEPTION 'series % has no patches', series_id USING ERRCODE = 'no_data_found';
    END IF;
    RETURN QUERY SELECT * FROM _patchmail.create_checks('series_check', patches, change, actor, dry_run);
END
$$;
COMMENT ON FUNCTION patchmail.series_check IS
    'Adds the result of a test to each patch of a series, as check_create() does to one.';
