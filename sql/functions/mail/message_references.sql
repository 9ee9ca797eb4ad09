-- _patchmail.message_references(project_id, facts): the Message-IDs that a mail refers to, nearest first; never its
-- own.
-- Rules    A mail with two Message-IDs is named by the one under which it is stored (_patchmail.add_alias).  A
--          reference that would so become one to this mail itself stays as it is: the Message-ID may turn out to be
--          another mail's.
-- Touches  nothing.
-- It is in PL/pgSQL, and so is message_name: the planner would try to put an SQL function into the statement of its
-- caller.
CREATE OR REPLACE FUNCTION _patchmail.message_references(project_id integer, facts jsonb)
RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        SELECT CASE WHEN x.msgid = left(facts->>'message_id', 255) THEN left(r.value, 255) ELSE x.msgid END
          FROM jsonb_array_elements_text(facts->'references') r, LATERAL (
               SELECT coalesce((SELECT a.msgid FROM patchmail.alias a
                                 WHERE a.project_id = message_references.project_id AND a.alias = left(r.value, 255)),
                               left(r.value, 255))) x(msgid)
         WHERE left(r.value, 255) <> left(facts->>'message_id', 255));
END
$$;
