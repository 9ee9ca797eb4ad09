-- patchmail.quarantine_append(quarantine_id, raw): one more piece of a mail too large for one call.
-- Takes    the id that patchmail.store() gave in this very transaction, outside of any savepoint, and the piece that
--          comes next.
-- Rules    A deliverer may give any id.  So the row has to be one that this transaction made, and not a second
--          attempt: its version is of this transaction, which alone could also be the update of an older row.  The
--          number of a transaction comes again after four thousand million others; its time does not.
-- Errors   insufficient_privilege if the mail is another one; that does not say whether there is one.
-- Touches  patchmail.quarantine (size), patchmail.quarantine_part.
CREATE OR REPLACE FUNCTION patchmail.quarantine_append(quarantine_id bigint, raw bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    UPDATE patchmail.quarantine q SET size = q.size + length(quarantine_append.raw)
     WHERE q.id = quarantine_append.quarantine_id AND q.attempts = 1 AND q.arrived = now()
       AND q.xmin = pg_current_xact_id_if_assigned()::xid;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'mail % was not put into quarantine by this transaction, so it gets no further piece',
            quarantine_append.quarantine_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO patchmail.quarantine_part (quarantine_id, part, raw)
    SELECT quarantine_append.quarantine_id, max(p.part) + 1, quarantine_append.raw
      FROM patchmail.quarantine_part p WHERE p.quarantine_id = quarantine_append.quarantine_id;
END
$$;
COMMENT ON FUNCTION patchmail.quarantine_append(bigint, bytea) IS
    'For patchmaild: adds a piece of a long mail to what quarantine has of it.';
