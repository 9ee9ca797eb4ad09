-- _patchmail.drop_alias(project_id, msgid): takes back what _patchmail.add_alias entered for the mail with that
-- Message-ID.
-- Rules    Every reference to it becomes one to the other Message-ID: it cannot be known any more which of the two was
--          meant.
-- Touches  patchmail.alias, _reference; through _patchmail.refer_to.
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
    PERFORM _patchmail.refer_to(drop_alias.project_id, drop_alias.msgid, other);
END
$$;
