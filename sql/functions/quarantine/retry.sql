-- patchmail.retry(id, ...): has mail in quarantine tried again, as if it came now: after what was wrong is mended, or
-- policy asks for less.
-- Gives    as patchmail.release().
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.retry(VARIADIC ids bigint[])
RETURNS TABLE (id bigint, outcome text, reason text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT m.object_id, m.after->>'outcome', m.after->>'reason'
      FROM _patchmail.mark_quarantined('retry', ids, 'retry') m;
$$;
COMMENT ON FUNCTION patchmail.retry IS
    'Has mail in quarantine tried again, as if it came now.';
