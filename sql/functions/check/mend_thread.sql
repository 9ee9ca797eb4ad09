-- _patchmail.mend_thread(fault): derives anew what is wrong in a thread.
-- Takes    a row of _patchmail.find_faults of the families threads and replies.
-- Gives    what it was and what it is, for patchmail.audit; the same if nothing is to do any more.
-- Rules    What an admin moved stays, as it does when mail comes.
-- Touches  patchmail.message; through _patchmail.rederive, _patchmail.move_comments and _patchmail.place_answers.
CREATE OR REPLACE FUNCTION _patchmail.mend_thread(fault record, OUT before jsonb, OUT after jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    mail  patchmail.message;
    other patchmail.message;
    tied  bigint[];
BEGIN
    IF fault.kind = 'replies-left' THEN
        before := jsonb_build_object('left', (SELECT count(*) FROM patchmail.unplaced u
                                               WHERE u.project_id = fault.object_id));
        FOR round IN 1 .. 1000 LOOP
            PERFORM _patchmail.place_answers(fault.object_id::integer, NULL);
            EXIT WHEN NOT EXISTS (SELECT FROM patchmail.unplaced u WHERE u.project_id = fault.object_id);
        END LOOP;
        after := jsonb_build_object('left', (SELECT count(*) FROM patchmail.unplaced u
                                              WHERE u.project_id = fault.object_id));
        RETURN;
    END IF;
    IF fault.kind = 'place-wrong' THEN
        before := _patchmail.thread_places(fault.object_id);
        PERFORM _patchmail.mend_places(ARRAY[fault.object_id], NULL);
        after := _patchmail.thread_places(fault.object_id);
        RETURN;
    END IF;
    SELECT m.* INTO mail FROM patchmail.message m WHERE m.id = fault.object_id;
    SELECT m.* INTO other FROM patchmail.message m WHERE m.id = fault.key::bigint;
    before := _patchmail.mail_place(mail);
    CASE fault.kind
    WHEN 'thread-mixed' THEN
        IF EXISTS (SELECT FROM patchmail.message m
                    WHERE m.thread = mail.thread AND m.project_id <> mail.project_id) THEN
            tied := ARRAY[nextval('patchmail.message_id_seq')];
            UPDATE patchmail.message m SET thread = tied[1]
             WHERE m.thread = mail.thread AND m.project_id = mail.project_id;
        END IF;
    WHEN 'thread-split' THEN
        tied := ARRAY[least(mail.thread, other.thread), greatest(mail.thread, other.thread)];
        IF tied[1] < tied[2] THEN
            PERFORM _patchmail.mend_places(tied, NULL);
        END IF;
    WHEN 'anchor-wrong' THEN
        PERFORM _patchmail.mend_places(ARRAY[mail.thread], mail.id);
    WHEN 'parent-wrong', 'reply-waits' THEN
        PERFORM _patchmail.mend_parent(mail);
    END CASE;
    SELECT _patchmail.mail_place(m) INTO after FROM patchmail.message m WHERE m.id = mail.id;
END
$$;
