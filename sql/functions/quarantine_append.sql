-- patchmail.quarantine_append(quarantine_id, raw): one more piece of a mail too large for one call.
-- Called in the transaction that quarantined the first piece, in order.
-- Touches  patchmail.quarantine (size), patchmail.quarantine_part.
CREATE OR REPLACE FUNCTION patchmail.quarantine_append(quarantine_id bigint, raw bytea)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO patchmail.quarantine_part (quarantine_id, part, raw)
    SELECT $1, count(*) + 1, $2 FROM patchmail.quarantine_part p WHERE p.quarantine_id = $1;
    UPDATE patchmail.quarantine SET size = size + length($2) WHERE id = $1;
$$;
