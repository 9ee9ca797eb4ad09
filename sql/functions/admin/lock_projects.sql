-- _patchmail.lock_projects(ids): takes the locks of some projects, as those who deliver take them.
-- Takes    ids, which may be repeated or NULL.
-- Locks    the projects in the order of their ids, to the end of the transaction.
CREATE OR REPLACE FUNCTION _patchmail.lock_projects(ids integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), p.id)
       FROM (SELECT DISTINCT u.id FROM unnest(ids) u (id) WHERE u.id IS NOT NULL ORDER BY u.id) p;
END
$$;
