-- _patchmail.quarantine_message(facts, raw, source, reason): keeps a mail that cannot be stored.
-- Takes    the facts (perhaps only of a rejected mail), its bytes, where it came from, and why.
-- Gives    the id of the quarantine row; the same mail again gives the same row.
-- Rules    Whether it is the same mail is known by its bytes.  Facts that name another mail's checksum would keep that
--          mail's bytes out; if they name none, the bytes are the first piece of a mail.
--          The facts are kept without the texts of the mail; but those of a mail that the tables had whole, since they
--          cannot be read again from its bytes.
--          A sequence that is behind the rows, as after a restore, is set; errors are not caught here, since
--          patchmail.quarantine_append knows a row of the transaction by its version.
-- Touches  patchmail.quarantine, patchmail.quarantine_part.  Locks nothing else.
CREATE OR REPLACE FUNCTION _patchmail.quarantine_message(facts jsonb, raw bytea, source jsonb, reason text)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    quarantined bigint;
    attempt     integer;
    newest      bigint := (SELECT max(q.id) FROM patchmail.quarantine q);
BEGIN
    IF newest >= (SELECT s.last_value + s.is_called::integer FROM patchmail.quarantine_id_seq s) THEN
        PERFORM setval('patchmail.quarantine_id_seq', newest);
    END IF;
    INSERT INTO patchmail.quarantine AS q (reason, msgid, subject, sha256, size, source, facts)
    VALUES (quarantine_message.reason, facts->>'message_id',
            coalesce(facts->'subject'->>'text', facts->>'subject'),
            CASE WHEN facts->>'sha256' IS NOT NULL THEN encode(sha256(raw), 'hex') END, length(raw),
            source - '{holder,archive,place,mark}'::text[],
            CASE source->>'transport' WHEN 'database' THEN facts ELSE facts - '{headers,content,diff}'::text[] END)
    ON CONFLICT (sha256) DO UPDATE
       SET reason = excluded.reason, attempts = q.attempts + 1, last_try = now()
    RETURNING q.id, q.attempts INTO quarantined, attempt;

    IF attempt = 1 THEN
        INSERT INTO patchmail.quarantine_part (quarantine_id, part, raw)
        VALUES (quarantined, 1, quarantine_message.raw);
    END IF;
    RETURN quarantined;
END
$$;
