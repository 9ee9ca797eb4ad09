-- _patchmail.refer_to(project_id, former, msgid): makes every reference to one Message-ID one to another.
-- Touches  patchmail.message (refs), _reference, _dependency.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.refer_to(project_id integer, former text, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE patchmail.message m SET refs = array_replace(m.refs, former, refer_to.msgid)
      FROM patchmail.reference r
     WHERE r.project_id = refer_to.project_id AND r.msgid = former AND m.id = r.message_id;
    INSERT INTO patchmail.reference (project_id, msgid, message_id)
    SELECT r.project_id, refer_to.msgid, r.message_id FROM patchmail.reference r
     WHERE r.project_id = refer_to.project_id AND r.msgid = former
    ON CONFLICT DO NOTHING;
    DELETE FROM patchmail.reference r WHERE r.project_id = refer_to.project_id AND r.msgid = former;
    UPDATE patchmail.dependency d SET msgid = refer_to.msgid
     WHERE d.project_id = refer_to.project_id AND d.msgid = former;
END
$$;
