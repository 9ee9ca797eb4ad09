-- patchmail.reparent_comment(project, comment, parent, actor, dry_run): puts a reply onto another patch or cover
-- letter, and gives one that waits a place.
-- Takes    the project's linkname; the Message-IDs of the reply and of the patch or cover letter; if that is a reply
--          itself, of what it is on; the user of Patchwork in whose name it is done, or NULL; whether only to show what
--          it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    The replies to it follow it, those that come later too; it stays there whatever mail comes.  Tags move with
--          it.  As always if a comment moves, it has a new id, and its event a new date.
-- Errors   no_data_found or check_violation in words, before anything is written.
-- Touches  through _patchmail.move_comments and _patchmail.place_answers; patchmail.message, _audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.reparent_comment(project text, comment text, parent text, actor text DEFAULT NULL,
                                                      dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here    integer := _patchmail.project_id(project);
    reply   patchmail.message;
    onto    patchmail.message;
    threads bigint[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_projects(ARRAY[here]);
    reply := _patchmail.known_message(here, comment);
    onto := _patchmail.known_message(here, parent);
    IF onto.kind = 'comment' THEN
        SELECT m.* INTO onto FROM patchmail.message m WHERE m.id = onto.parent_id;
    END IF;
    PERFORM _patchmail.check_reply(reply, onto);
    BEGIN
        threads := ARRAY[reply.thread, onto.thread];
        before := _patchmail.thread_state(threads);
        PERFORM _patchmail.tie_threads(ARRAY[reply.id, onto.id]), _patchmail.note_places(ARRAY[reply.id]);
        PERFORM _patchmail.move_comments(ARRAY[m.id], ARRAY[onto.id])
           FROM patchmail.message m WHERE m.id = reply.id AND m.parent_id IS DISTINCT FROM onto.id;
        UPDATE patchmail.message m SET pinned = true WHERE m.id = reply.id;
        PERFORM _patchmail.place_answers(here, reply.msgid);
        changes := _patchmail.note_differences('reparent_comment', actor, before, _patchmail.thread_state(threads));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.reparent_comment IS
    'Puts a reply onto another patch or cover letter.  Gives what has changed; with dry_run, what would.';
