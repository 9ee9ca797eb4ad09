-- patchmail.take_answers(project_id, msgid): takes the comments off their places that answer a message, directly or not,
-- so that they wait for one that has its Message-ID.
-- Rules    What an admin moved or deleted stays as it is.
-- Touches  through patchmail.take_comment; patchmail.message.
CREATE OR REPLACE FUNCTION patchmail.take_answers(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    comment patchmail.message;
    facts   jsonb;
BEGIN
    FOR comment IN
        WITH RECURSIVE answer AS (
            SELECT m.id, m.msgid FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = take_answers.project_id AND r.msgid = take_answers.msgid AND m.kind = 'comment'
            UNION
            SELECT m.id, m.msgid FROM answer a
              JOIN patchmail.reference r ON r.project_id = take_answers.project_id AND r.msgid = a.msgid
              JOIN patchmail.message m ON m.id = r.message_id
             WHERE m.kind = 'comment')
        SELECT m.* FROM answer a JOIN patchmail.message m ON m.id = a.id
         WHERE m.parent_id IS NOT NULL AND NOT m.adopted ORDER BY m.id
    LOOP
        facts := patchmail.take_comment(comment);
        UPDATE patchmail.message m
           SET waiting = facts, parent_id = NULL, patchcomment_id = NULL, covercomment_id = NULL
         WHERE m.id = comment.id AND facts IS NOT NULL;
    END LOOP;
END
$$;
