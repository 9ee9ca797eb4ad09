-- patchmail.quarantine_raw(quarantine_id): the bytes of a quarantined mail, as they came; NULL if there is none.
CREATE OR REPLACE FUNCTION patchmail.quarantine_raw(quarantine_id bigint)
RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT string_agg(p.raw, ''::bytea ORDER BY p.part)
      FROM patchmail.quarantine_part p WHERE p.quarantine_id = $1;
$$;
COMMENT ON FUNCTION patchmail.quarantine_raw IS
    'The bytes of a mail in quarantine.';
