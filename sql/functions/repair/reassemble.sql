-- patchmail.reassemble(project, msgid, forget_moves, actor, dry_run): derives anew which series there are in threads,
-- and what each comment is on.
-- Takes    the project's linkname; the Message-ID of a mail of the thread, or NULL: every thread; whether what was
--          moved by hand, with these functions or in the tables, is to be forgotten too; the user of Patchwork in whose
--          name it is done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is different; none if all was as it would be derived.
-- Rules    What Patchwork stored itself stays where it is, and so does what was moved by hand unless that is forgotten.
--          What was deleted stays deleted.
-- Errors   no_data_found or invalid_parameter_value in words, before anything is written.
-- Touches  through _patchmail.rederive, _patchmail.place_newcomers, _patchmail.move_comments; patchmail.message,
--          _audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.reassemble(project text, msgid text DEFAULT NULL,
                                                forget_moves boolean DEFAULT false, actor text DEFAULT NULL,
                                                dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here    integer := _patchmail.project_id(project);
    thread  bigint;
    before  jsonb;
    changes patchmail.audit[] := '{}';
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_projects(ARRAY[here]);
    BEGIN
        FOREACH thread IN ARRAY _patchmail.thread_list(here, reassemble.msgid) LOOP
            before := _patchmail.thread_state(ARRAY[thread]);
            IF forget_moves THEN
                PERFORM _patchmail.forget_moves(thread);
            END IF;
            PERFORM _patchmail.reassemble_thread(thread);
            changes := changes || _patchmail.note_differences(
                'reassemble', actor, before,
                _patchmail.thread_state(ARRAY[thread], ARRAY(SELECT (k.value->>'id')::integer FROM jsonb_each(before) k
                                                              WHERE k.value->>'object' = 'series')));
        END LOOP;
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.reassemble IS
    'Derives anew which series there are in a thread, and what each comment is on.  Gives what was different.';
