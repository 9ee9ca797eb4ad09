-- patchmail.move_to_project(project, msgids, series_ids, patch_ids, from_project, actor, dry_run): moves threads to
-- another project.
-- Takes    the linkname of the project that they go to; Message-IDs, series and patches: the threads that any of them
--          is of move whole, with their other versions, replies, and replies that wait; the project that they are of,
--          which need not be given unless several have the Message-IDs; the user of Patchwork in whose name it is done,
--          or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    Ids, states, delegates and checks stay; see _patchmail.move_threads.  Mail that comes later and belongs to
--          these threads goes to the new project, whatever its list and its subject say, and the same mail is a
--          duplicate.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written: among others
--          if the other project has some of this mail itself.
-- Touches  through _patchmail.move_threads; patchmail.audit.
-- Locks    both projects, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.move_to_project(
    project text, msgids text[] DEFAULT NULL, series_ids integer[] DEFAULT NULL, patch_ids integer[] DEFAULT NULL,
    from_project text DEFAULT NULL, actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    target  integer := _patchmail.project_id(project);
    former  integer;
    threads bigint[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    IF coalesce(cardinality(msgids), 0) + coalesce(cardinality(series_ids), 0)
       + coalesce(cardinality(patch_ids), 0) = 0 THEN
        RAISE EXCEPTION 'what is to be moved is not given' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM _patchmail.acting_user(actor);
    PERFORM _patchmail.known_ids('series', series_ids) WHERE series_ids <> '{}';
    PERFORM _patchmail.known_ids('patch', patch_ids) WHERE patch_ids <> '{}';
    former := CASE WHEN from_project IS NULL THEN _patchmail.mail_project(msgids, patch_ids, series_ids, target)
                   ELSE _patchmail.project_id(from_project) END;
    PERFORM _patchmail.lock_projects(ARRAY[former, target]);
    PERFORM _patchmail.check_project_of(patch_ids, former), _patchmail.check_target(former, target, series_ids);
    threads := _patchmail.moving_threads(former, msgids, patch_ids, series_ids);
    IF _patchmail.mail_in_common(threads, target) IS NOT NULL THEN
        RAISE EXCEPTION 'project % has mail of these threads itself: %', project,
            _patchmail.printable(_patchmail.mail_in_common(threads, target)) USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        before := _patchmail.thread_state(threads);
        PERFORM _patchmail.move_threads(threads, target);
        changes := _patchmail.note_differences('move_to_project', actor, before, _patchmail.thread_state(threads));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.move_to_project IS
    'Moves whole threads to another project; later mail of theirs follows.  Gives what has changed.';
