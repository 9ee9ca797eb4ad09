-- patchmail.discard(id, ...): throws mail in quarantine away, with all its bytes.
-- Gives    what was thrown away.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- Touches  patchmail.quarantine, _quarantine_part.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.discard(VARIADIC ids bigint[])
RETURNS TABLE (id bigint, msgid text, subject text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOREACH id IN ARRAY ids LOOP
        DELETE FROM patchmail.quarantine q WHERE q.id = discard.id
        RETURNING patchmail.printable(q.msgid), patchmail.printable(q.subject) INTO msgid, subject;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'mail % is not in quarantine', id USING ERRCODE = 'no_data_found';
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
