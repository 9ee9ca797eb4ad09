-- patchmail.release(id, ...): lets mail out of quarantine whatever policy says of it, and though another mail has its
-- Message-ID: that one goes to quarantine in its place.
-- Gives    a row each: its id, the outcome and the reason.  "marked": it is stored by `patchmaild retry`, which reads
--          its bytes again; what the tables had before is stored at once.
-- Rules    That decides only that it is stored: whether its hints and its name count, its verdict says.  What Patchwork
--          stored itself keeps its Message-ID.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.release(VARIADIC ids bigint[])
RETURNS TABLE (id bigint, outcome text, reason text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT m.object_id, m.after->>'outcome', m.after->>'reason'
      FROM _patchmail.mark_quarantined('release', ids, 'release') m;
$$;
COMMENT ON FUNCTION patchmail.release IS
    'Lets mail out of quarantine whatever policy says of it.';
