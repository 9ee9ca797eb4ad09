-- _patchmail.find_answered(projects, msgid, refs): finds which of the projects of a list has what a reply answers.
-- Takes    their ids; the Message-ID of the reply, and what it refers to, nearest first.
-- Gives    the id, or NULL while nothing that it refers to is in any of them.
-- Rules    Those of _patchmail.find_parent, over all of these projects.  A comment that waits itself says nothing: it
--          waits in the project that its subject chose, until what it answers comes.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.find_answered(projects integer[], msgid text, refs text[])
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT m.project_id
          FROM unnest(refs) WITH ORDINALITY r(msgid, distance) CROSS JOIN unnest(projects) p(id)
          LEFT JOIN patchmail.alias a ON a.project_id = p.id AND a.alias = r.msgid
          JOIN patchmail.message m ON m.project_id = p.id AND m.msgid = coalesce(a.msgid, r.msgid)
         WHERE m.msgid <> find_answered.msgid
           AND (m.kind <> 'comment' OR m.parent_id IS NOT NULL AND find_answered.msgid <> ALL (m.refs))
         ORDER BY r.distance, p.id LIMIT 1);
END
$$;
