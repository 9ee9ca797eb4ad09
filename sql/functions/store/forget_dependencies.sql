-- _patchmail.forget_dependencies(message_id): forgets the Depends-on lines of a mail, and the references that were
-- entered for them.
-- Takes    its id in the ledger.
-- Touches  patchmail.dependency, _reference.
CREATE OR REPLACE FUNCTION _patchmail.forget_dependencies(message_id bigint)
RETURNS void LANGUAGE sql AS $$
    DELETE FROM patchmail.reference r USING patchmail.dependency d
     WHERE d.message_id = $1 AND r.project_id = d.project_id AND r.msgid = d.msgid AND r.message_id = 0
       AND NOT EXISTS (SELECT FROM patchmail.dependency o
                        WHERE o.project_id = d.project_id AND o.msgid = d.msgid AND o.message_id <> $1)
       AND NOT EXISTS (SELECT FROM patchmail.alias a WHERE a.project_id = d.project_id AND a.alias = d.msgid);
    DELETE FROM patchmail.dependency d WHERE d.message_id = $1;
$$;
