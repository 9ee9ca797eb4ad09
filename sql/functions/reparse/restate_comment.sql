-- _patchmail.restate_comment(stored, message): _patchmail.restate_message for a comment.
-- Rules    A comment whose parent is another one now moves there, and one without any waits; with it those that answer
--          it.  One that an admin moved stays.
-- Touches  patchmail.message; through _patchmail.move_comments, unplace_comments and place_answers.
CREATE OR REPLACE FUNCTION _patchmail.restate_comment(stored patchmail.message, message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent bigint;
BEGIN
    PERFORM _patchmail.enter_message(message);
    IF message.refs = stored.refs THEN
        RETURN;
    END IF;
    parent := _patchmail.find_parent(message);
    IF parent IS NULL THEN
        PERFORM _patchmail.unplace_comments(ARRAY[message.id]);
        PERFORM _patchmail.take_answers(message.project_id, message.msgid);
        PERFORM _patchmail.place_thread(message.thread);
    ELSIF parent IS DISTINCT FROM stored.parent_id THEN
        PERFORM _patchmail.move_comments(ARRAY[message.id], ARRAY[parent]);
    END IF;
    PERFORM _patchmail.place_answers(message.project_id, message.msgid);
END
$$;
