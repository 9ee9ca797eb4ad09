-- _patchmail.keep_raw(facts, raw, source, outcome): keeps the bytes of a mail that is stored.
-- Takes    what patchmail.store was given, and what it answers.  Without bytes it does nothing.
-- Rules    In the transaction that stores the mail, so the ledger's row has the same "arrived", by which
--          patchmail.reparse knows that it was made of these bytes.
--          A duplicate is another copy, or the same; it is kept only if there is none: so what was stored before bytes
--          were kept gets them when it comes again.
-- Touches  patchmail.raw.
CREATE OR REPLACE FUNCTION _patchmail.keep_raw(facts jsonb, raw bytea, source jsonb, outcome text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF keep_raw.raw IS NULL
       OR outcome = 'duplicate' AND EXISTS (SELECT FROM patchmail.raw r WHERE r.msgid = left(facts->>'message_id', 255))
    THEN
        RETURN;
    END IF;
    INSERT INTO patchmail.raw (sha256, msgid, size, source, raw)
    VALUES (sha256(keep_raw.raw), left(facts->>'message_id', 255), length(keep_raw.raw),
            jsonb_strip_nulls(jsonb_build_object(
                'transport', source->'transport', 'list_id', source->'list_id', 'position', source->'position',
                'account', source->'account', 'mailbox', source->'mailbox')),
            keep_raw.raw)
    ON CONFLICT DO NOTHING;
END
$$;
