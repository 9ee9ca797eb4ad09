-- _patchmail.mend_alias(project_id, msgid): mends the second Message-ID of a mail.
-- Takes    the Message-ID that stands for both.
-- Rules    If that mail is gone, what refers to it refers to the other Message-ID (_patchmail.drop_alias).  If a mail
--          has the other one, each stands for itself.  Else what refers to the other one refers to this.
-- Touches  patchmail.alias, _reference, _dependency; patchmail.message (refs).
CREATE OR REPLACE FUNCTION _patchmail.mend_alias(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other text := (SELECT a.alias FROM patchmail.alias a
                    WHERE a.project_id = mend_alias.project_id AND a.msgid = mend_alias.msgid LIMIT 1);
BEGIN
    IF NOT EXISTS (SELECT FROM patchmail.message m
                    WHERE m.project_id = mend_alias.project_id AND m.msgid = mend_alias.msgid) THEN
        PERFORM _patchmail.drop_alias(project_id, msgid);
    ELSIF EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = mend_alias.project_id AND m.msgid = other) THEN
        DELETE FROM patchmail.alias a WHERE a.project_id = mend_alias.project_id AND a.alias = other;
        DELETE FROM patchmail.reference r
         WHERE r.project_id = mend_alias.project_id AND r.msgid = other AND r.message_id = 0
           AND NOT EXISTS (SELECT FROM patchmail.dependency d
                            WHERE d.project_id = mend_alias.project_id AND d.msgid = other);
    ELSE
        DELETE FROM patchmail.reference r
         WHERE r.project_id = mend_alias.project_id AND r.msgid = other AND r.message_id = 0;
        PERFORM _patchmail.refer_to(project_id, other, msgid);
        INSERT INTO patchmail.reference (project_id, msgid, message_id) VALUES (mend_alias.project_id, other, 0);
    END IF;
END
$$;
