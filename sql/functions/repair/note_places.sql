-- _patchmail.note_places(ids): has the ledger say where comments are that somebody moved in Patchwork's tables.
-- Takes    ledger ids of comments.
-- Why      _patchmail.move_comments leaves alone what is not where the ledger has it.
-- Touches  patchmail.message (parent_id).
CREATE OR REPLACE FUNCTION _patchmail.note_places(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.adopt(x.project_id, array_agg(x.msgid)) FROM _patchmail.comment_places(ids) x
      GROUP BY x.project_id;
    UPDATE patchmail.message m SET parent_id = o.id
      FROM _patchmail.comment_places(ids) x
      JOIN patchmail.message o ON o.project_id = x.project_id AND o.msgid = x.msgid
     WHERE m.id = x.id AND m.parent_id IS DISTINCT FROM o.id;
END
$$;
