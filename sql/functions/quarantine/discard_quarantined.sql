-- _patchmail.discard_quarantined(function, ids): see patchmail.discard().
-- Gives    the rows of patchmail.audit, one for each mail.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- Touches  patchmail.quarantine, _quarantine_part, _audit.
CREATE OR REPLACE FUNCTION _patchmail.discard_quarantined(function text, ids bigint[])
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    mail bigint;
    kept patchmail.quarantine;
BEGIN
    FOR mail IN SELECT u.id FROM unnest(ids) WITH ORDINALITY u (id, n) GROUP BY u.id ORDER BY min(u.n) LOOP
        DELETE FROM patchmail.quarantine q WHERE q.id = mail RETURNING q.* INTO kept;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'mail % is not in quarantine', mail USING ERRCODE = 'no_data_found';
        END IF;
        RETURN NEXT _patchmail.note_change(function, NULL, NULL, 'quarantine', mail, to_jsonb(kept) - 'facts', NULL);
    END LOOP;
END
$$;
