-- patchmail.discard(id, ...): throws mail in quarantine away, with all its bytes.
-- Gives    what was thrown away.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- Touches  patchmail.quarantine, _quarantine_part, _audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.discard(VARIADIC ids bigint[])
RETURNS TABLE (id bigint, msgid text, subject text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    kept patchmail.quarantine;
BEGIN
    FOREACH id IN ARRAY ids LOOP
        DELETE FROM patchmail.quarantine q WHERE q.id = discard.id RETURNING q.* INTO kept;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'mail % is not in quarantine', id USING ERRCODE = 'no_data_found';
        END IF;
        PERFORM _patchmail.note_change('discard', NULL, NULL, 'quarantine', id, to_jsonb(kept) - 'facts', NULL);
        msgid := _patchmail.printable(kept.msgid);
        subject := _patchmail.printable(kept.subject);
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION patchmail.discard IS
    'Throws mail in quarantine away, with all its bytes.';
