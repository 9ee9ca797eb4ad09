-- _patchmail.forget_messages(ids): takes mail out of the ledger of which Patchwork's tables have nothing left.
-- Takes    ledger ids.
-- Rules    Mail that hung on it hangs on what is left, and a comment on it has no parent.  The same mail is new when it
--          comes again.
-- Touches  patchmail.message, _reference, _authentication, _dependency.  Called under the locks of their projects.
CREATE OR REPLACE FUNCTION _patchmail.forget_messages(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    threads bigint[];
BEGIN
    WITH forgotten AS (
        DELETE FROM patchmail.message m WHERE m.id = ANY (ids) RETURNING m.id, m.project_id, m.refs, m.thread
    ), unsaid AS (
        DELETE FROM patchmail.authentication a USING forgotten f WHERE a.message_id = f.id
    ), unreferred AS (
        DELETE FROM patchmail.reference r
         USING forgotten f, unnest(f.refs) k (msgid)
         WHERE r.project_id = f.project_id AND r.msgid = k.msgid AND r.message_id = f.id)
    SELECT array_agg(DISTINCT f.thread) INTO threads FROM forgotten f;
    UPDATE patchmail.message m
       SET anchor_id = CASE WHEN m.anchor_id = ANY (ids) THEN _patchmail.find_anchor(m) ELSE m.anchor_id END,
           parent_id = CASE WHEN m.parent_id = ANY (ids) THEN NULL ELSE m.parent_id END
     WHERE m.thread = ANY (threads) AND (m.anchor_id = ANY (ids) OR m.parent_id = ANY (ids));
END
$$;
