-- patchmail.move_by_rule(from_project, to_project, subject, actor, dry_run): moves all threads to another project in
-- which a patch or a cover letter has such a subject.
-- Takes    the linknames; a regular expression, which is looked for in the names of patches and cover letters as
--          Patchwork shows them, prefixes and all, ignoring case as a project's subject_match does; the user of
--          Patchwork in whose name it is done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    Those of patchmail.move_to_project.  Threads of which the other project has mail itself stay, and a notice
--          names each.  Mail that comes new is not moved: for that there is subject_match.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  through _patchmail.move_threads; patchmail.audit.
-- Locks    both projects, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.move_by_rule(from_project text, to_project text, subject text,
                                                  actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    former  integer := _patchmail.project_id(from_project);
    target  integer := _patchmail.project_id(to_project);
    patches integer[];
    covers  text[];
    threads bigint[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.check_pattern(subject);
    PERFORM _patchmail.lock_projects(ARRAY[former, target]), _patchmail.check_target(former, target);
    patches := ARRAY(SELECT p.id FROM public.patchwork_patch p
                      WHERE p.project_id = former AND p.name ~ ('(?iw)' || subject));
    covers := ARRAY(SELECT c.msgid FROM public.patchwork_cover c
                     WHERE c.project_id = former AND c.name ~ ('(?iw)' || subject));
    threads := _patchmail.free_threads(_patchmail.moving_threads(former, covers, patches, '{}'), target);
    BEGIN
        before := _patchmail.thread_state(threads);
        PERFORM _patchmail.move_threads(threads, target) WHERE threads <> '{}';
        changes := _patchmail.note_differences('move_by_rule', actor, before, _patchmail.thread_state(threads));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.move_by_rule IS
    'Moves all threads to another project in which a subject matches.  Gives what has changed.';
