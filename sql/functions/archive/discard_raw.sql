-- patchmail.discard_raw(msgids, dry_run): throws the bytes of stored mail away; the mail stays stored.
-- Takes    Message-IDs with their brackets.
-- Gives    a row of patchmail.audit for each copy.
-- Errors   no_data_found if of one of them no bytes are kept: then nothing is done.
-- Touches  patchmail.raw, _audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.discard_raw(msgids text[], dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    changes patchmail.audit[] := '{}';
    missing text := (SELECT string_agg(coalesce(_patchmail.printable(w.msgid), 'NULL'), ', ')
                       FROM unnest(msgids) w (msgid)
                      WHERE NOT EXISTS (SELECT FROM patchmail.raw r WHERE r.msgid = w.msgid));
    kept    record;
BEGIN
    IF missing IS NOT NULL OR msgids IS NULL THEN
        RAISE EXCEPTION 'no bytes are kept of %', coalesce(missing, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    BEGIN
        FOR kept IN
            DELETE FROM patchmail.raw r WHERE r.msgid = ANY (msgids)
            RETURNING r.id, r.msgid, r.arrived, r.size, encode(r.sha256, 'hex') AS sha256
        LOOP
            changes := changes || _patchmail.note_change('discard_raw', NULL, NULL, 'raw', kept.id,
                                                         to_jsonb(kept) - 'id', NULL);
        END LOOP;
        IF dry_run THEN
            RAISE EXCEPTION 'nothing is done' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT c.* FROM unnest(changes) c;
END
$$;
COMMENT ON FUNCTION patchmail.discard_raw IS
    'Throws away the bytes that are kept of stored mails, by their Message-IDs.  The mails stay stored.';
