-- patchmail.find_parent(message): what a comment is a comment on.
-- Takes    the ledger row of a comment.
-- Gives    the ledger id of the patch or cover letter, or NULL while nothing that it refers to is here.
-- Rules    The nearest of its references that is a patch or cover letter, or a comment that has a parent and does not
--          refer to it in turn: then that parent.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_parent(message patchmail.message)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE m.kind WHEN 'comment' THEN m.parent_id ELSE m.id END
          FROM unnest(message.refs) WITH ORDINALITY r(msgid, distance)
          JOIN patchmail.message m ON m.project_id = message.project_id AND m.msgid = r.msgid
         WHERE m.kind <> 'comment' OR m.parent_id IS NOT NULL AND message.msgid <> ALL (m.refs)
         ORDER BY r.distance LIMIT 1);
END
$$;
