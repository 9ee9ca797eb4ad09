-- patchmail.enter_message(message): enters a new mail into the ledger.
-- Touches  patchmail.message, patchmail.reference.
CREATE OR REPLACE FUNCTION patchmail.enter_message(message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT message.*;
    IF message.refs <> '{}' THEN
        INSERT INTO patchmail.reference (project_id, msgid, message_id)
        SELECT message.project_id, r, message.id FROM unnest(message.refs) r
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;
