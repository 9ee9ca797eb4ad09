-- patchmail.archive_stale(project, age, states, actor, dry_run): archives patches of which nothing was heard for long.
-- Takes    the project's linkname; how long; the slugs or names of the states, or NULL: those that require action,
--          since what is dealt with is not listed anyway; the user of Patchwork in whose name it is done, or NULL;
--          whether only to show what it would do.
-- Gives    a row of patchmail.audit for each patch that is archived now.
-- Rules    What counts is the date of the patch, of the comments on it, and of what users and CI did with it (state,
--          delegate, relation, checks).  Patchwork makes no event of it, and tells nobody.
-- Errors   no_data_found, check_violation or invalid_parameter_value in words, before anything is written.
-- Touches  public.patchwork_patch (archived); patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.archive_stale(project text, age interval, states text[] DEFAULT NULL,
                                                   actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here    integer := _patchmail.project_id(project);
    patches integer[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_projects(ARRAY[here]);
    IF (age > interval '0') IS NOT TRUE THEN
        RAISE EXCEPTION 'the age has to be positive' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    patches := _patchmail.stale_patches(here, age, _patchmail.state_ids(states));
    BEGIN
        before := _patchmail.rows_state(patches, '{}', '{}', '{}', '{}');
        UPDATE public.patchwork_patch p SET archived = true WHERE p.id = ANY (patches);
        changes := _patchmail.note_differences('archive_stale', actor, before,
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
COMMENT ON FUNCTION patchmail.archive_stale IS
    'Archives patches of which nothing was heard for so long.  Gives them; with dry_run, without doing it.';
