-- patchmail.retag(project, patch_ids, actor, dry_run): counts the tags of patches anew, after a tag's pattern was
-- changed or somebody wrote into the tables.
-- Takes    the project's linkname; patches of it, or NULL for all; the user of Patchwork in whose name it is done, or
--          NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each patch whose tags are different.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written: also if the
--          project counts no tags.
-- Touches  public.patchwork_patchtag; patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.retag(project text, patch_ids integer[] DEFAULT NULL, actor text DEFAULT NULL,
                                           dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here    integer := _patchmail.project_id(project);
    patches integer[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_projects(ARRAY[here]);
    patches := CASE WHEN patch_ids IS NULL
                    THEN ARRAY(SELECT p.id FROM public.patchwork_patch p WHERE p.project_id = here ORDER BY p.id)
                    ELSE _patchmail.known_ids('patch', patch_ids) END;
    PERFORM _patchmail.check_project_of(patches, here);
    IF NOT (SELECT p.use_tags FROM public.patchwork_project p WHERE p.id = here) THEN
        RAISE EXCEPTION 'project % counts no tags', project USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        before := _patchmail.rows_state(patches, '{}', '{}', '{}', '{}');
        PERFORM _patchmail.recount_tags(patches);
        changes := _patchmail.note_differences('retag', actor, before,
                                               _patchmail.rows_state(patches, '{}', '{}', '{}', '{}'));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.retag IS
    'Counts the tags of patches anew.  Gives the patches whose tags are different.';
