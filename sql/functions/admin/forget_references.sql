-- _patchmail.forget_references(ids): forgets what is noted of the references of mails that are about to leave the
-- ledger, those of their Depends-on lines too.
-- Takes    ledger ids, of mails that are still there.
-- Touches  patchmail.reference.  The caller holds the locks of their projects.
CREATE OR REPLACE FUNCTION _patchmail.forget_references(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM patchmail.reference r
     USING patchmail.message m, unnest(m.refs) k (msgid)
     WHERE m.id = ANY (ids) AND r.project_id = m.project_id AND r.msgid = k.msgid AND r.message_id = m.id;
    DELETE FROM patchmail.reference r USING patchmail.dependency d
     WHERE d.message_id = ANY (ids) AND r.project_id = d.project_id AND r.msgid = d.msgid AND r.message_id = 0
       AND NOT EXISTS (SELECT FROM patchmail.dependency o
                        WHERE o.project_id = d.project_id AND o.msgid = d.msgid AND o.message_id <> ALL (ids))
       AND NOT EXISTS (SELECT FROM patchmail.alias a WHERE a.project_id = d.project_id AND a.alias = d.msgid);
END
$$;
