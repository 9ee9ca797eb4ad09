-- _patchmail.drop_alias(project_id, msgid): takes back what _patchmail.add_alias entered for the mail with that
-- Message-ID.
-- Rules    Every reference to it becomes one to the other Message-ID: it cannot be known any more which of the two was
--          meant.
-- Touches  patchmail.alias; patchmail.message (refs), _reference, _dependency.
CREATE OR REPLACE FUNCTION _patchmail.drop_alias(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other text;
BEGIN
    DELETE FROM patchmail.alias a WHERE a.project_id = drop_alias.project_id AND a.msgid = drop_alias.msgid
    RETURNING a.alias INTO other;
    IF other IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM patchmail.reference r
     WHERE r.project_id = drop_alias.project_id AND r.msgid = other AND r.message_id = 0;
    UPDATE patchmail.message m SET refs = array_replace(m.refs, drop_alias.msgid, other)
      FROM patchmail.reference r
     WHERE r.project_id = drop_alias.project_id AND r.msgid = drop_alias.msgid AND m.id = r.message_id;
    INSERT INTO patchmail.reference (project_id, msgid, message_id)
    SELECT r.project_id, other, r.message_id FROM patchmail.reference r
     WHERE r.project_id = drop_alias.project_id AND r.msgid = drop_alias.msgid
    ON CONFLICT DO NOTHING;
    DELETE FROM patchmail.reference r WHERE r.project_id = drop_alias.project_id AND r.msgid = drop_alias.msgid;
    UPDATE patchmail.dependency d SET msgid = other
     WHERE d.project_id = drop_alias.project_id AND d.msgid = drop_alias.msgid;
END
$$;
