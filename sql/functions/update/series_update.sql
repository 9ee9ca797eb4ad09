-- patchmail.series_update(series_ids, change, actor, dry_run): the same change of all patches of series.
-- Takes    ids of series; an object with any of state, archived, delegate and commit_ref, as patchmail.patch_update()
--          takes it; the user of Patchwork in whose name it is done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each patch that is changed.
-- Errors   as there, and if a series is not there: then none of them is changed.
-- Touches  what patchmail.patch_update() does.
-- Locks    the projects of the series, then their patches.
CREATE OR REPLACE FUNCTION patchmail.series_update(series_ids integer[], change jsonb, actor text DEFAULT NULL,
                                                   dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    known integer[] := '{}';
BEGIN
    PERFORM _patchmail.check_change(change, '{"state": "string", "archived": "boolean", "commit_ref": "string null 255",
                                              "delegate": "string number object null"}');
    IF series_ids IS NULL OR series_ids <> '{}' THEN  -- none, as when a filter finds none, is no mistake
        known := _patchmail.known_ids('series', series_ids);
    END IF;
    -- No patch may come to a series between here and there.
    PERFORM _patchmail.lock_projects(ARRAY(SELECT s.project_id FROM public.patchwork_series s
                                            WHERE s.id = ANY (known)));
    RETURN QUERY SELECT c.* FROM _patchmail.change_patches('series_update', ARRAY(
        SELECT p.id FROM public.patchwork_patch p WHERE p.series_id = ANY (known)), change, actor, dry_run) c;
END
$$;
COMMENT ON FUNCTION patchmail.series_update IS
    'Changes all patches of series at once as patch_update() changes one.  Gives what was changed.';
