-- _patchmail.forget_messages(ids): takes mail out of the ledger of which Patchwork's tables have nothing left.
-- Takes    ledger ids.
-- Rules    Mail that hung on it hangs on what is left, and a comment on it has no parent.  The same mail is new when it
--          comes again.  If it had two Message-IDs, what referred to it refers to the one under which it was not
--          stored (_patchmail.drop_alias).
-- Touches  patchmail.message, _reference, _authentication, _dependency, _alias.  The caller holds the locks of their
--          projects.
CREATE OR REPLACE FUNCTION _patchmail.forget_messages(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    threads bigint[];
BEGIN
    PERFORM _patchmail.drop_alias(m.project_id, m.msgid)
       FROM patchmail.message m JOIN patchmail.alias a ON a.project_id = m.project_id AND a.msgid = m.msgid
      WHERE m.id = ANY (ids);
    PERFORM _patchmail.forget_references(ids);
    DELETE FROM patchmail.authentication a WHERE a.message_id = ANY (ids);
    WITH forgotten AS (
        DELETE FROM patchmail.message m WHERE m.id = ANY (ids) RETURNING m.thread)
    SELECT array_agg(DISTINCT f.thread) INTO threads FROM forgotten f;
    UPDATE patchmail.message m
       SET anchor_id = CASE WHEN m.anchor_id = ANY (ids) THEN _patchmail.find_anchor(m) ELSE m.anchor_id END,
           parent_id = CASE WHEN m.parent_id = ANY (ids) THEN NULL ELSE m.parent_id END
     WHERE m.thread = ANY (threads) AND (m.anchor_id = ANY (ids) OR m.parent_id = ANY (ids));
END
$$;
