-- _patchmail.find_parent(message): finds what a comment is on.
-- Takes    the ledger row of a comment.
-- Gives    the ledger id of the patch or cover letter, or NULL while none of its references leads to one.
-- Rules    The nearest of its references that is a patch or cover letter, or that is a comment which has a parent and
--          does not refer to this one in turn: then that comment's parent.
-- Touches  nothing.
-- Speed    Mostly the nearest is there, and then none of the others, of which there may be a thousand, is looked up.
CREATE OR REPLACE FUNCTION _patchmail.find_parent(message patchmail.message)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted text;
    parent bigint;
BEGIN
    FOREACH wanted IN ARRAY message.refs LOOP
        SELECT CASE m.kind WHEN 'comment' THEN m.parent_id ELSE m.id END INTO parent
          FROM patchmail.message m
         WHERE m.project_id = message.project_id AND m.msgid = wanted
           AND (m.kind <> 'comment' OR m.parent_id IS NOT NULL AND message.msgid <> ALL (m.refs));
        EXIT WHEN FOUND;
    END LOOP;
    RETURN parent;
END
$$;
