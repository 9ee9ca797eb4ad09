-- _patchmail.lock_projects(ids): takes the locks under which mail is stored, so that what the caller changes and what
-- is being delivered do not get between each other.
-- Locks    each project, in the order of their ids, to the end of the transaction.
CREATE OR REPLACE FUNCTION _patchmail.lock_projects(ids integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), p.id)
       FROM (SELECT DISTINCT i AS id FROM unnest(ids) i ORDER BY i) p;
END
$$;
