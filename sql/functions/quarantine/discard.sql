-- patchmail.discard(id, ...): throws mail in quarantine away, with all its bytes.
-- Gives    what was thrown away.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- Touches  patchmail.quarantine, _quarantine_part, _audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.discard(VARIADIC ids bigint[])
RETURNS TABLE (id bigint, msgid text, subject text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT d.object_id, _patchmail.printable(d.before->>'msgid'), _patchmail.printable(d.before->>'subject')
      FROM _patchmail.discard_quarantined('discard', ids) d;
$$;
COMMENT ON FUNCTION patchmail.discard IS
    'Throws mail in quarantine away, with all its bytes.';
