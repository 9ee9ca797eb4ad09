-- _patchmail.take_answers(project_id, msgid): takes the comments that answer a message, directly or not, off their
-- places: they wait for the mail that gets its Message-ID.
-- Touches  through _patchmail.unplace_comments.
CREATE OR REPLACE FUNCTION _patchmail.take_answers(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.unplace_comments(ARRAY(
        WITH RECURSIVE answer AS (
            SELECT m.id, m.msgid FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = take_answers.project_id AND r.msgid = take_answers.msgid AND m.kind = 'comment'
            UNION
            SELECT m.id, m.msgid FROM answer a
              JOIN patchmail.reference r ON r.project_id = take_answers.project_id AND r.msgid = a.msgid
              JOIN patchmail.message m ON m.id = r.message_id
             WHERE m.kind = 'comment')
        SELECT a.id FROM answer a));
END
$$;
