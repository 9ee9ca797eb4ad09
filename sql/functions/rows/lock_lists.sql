-- _patchmail.lock_lists(projects): locks all projects that share a list with one of these, in the order of their ids.
-- Why      if a list has several projects, a reply belongs to the one that has what it answers, which another
--          transaction may be storing.
-- Locks    the projects, to the end of the transaction.
CREATE OR REPLACE FUNCTION _patchmail.lock_lists(projects integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), o.id)
       FROM (SELECT o.id FROM public.patchwork_project o
              WHERE o.listid IN (SELECT p.listid FROM public.patchwork_project p WHERE p.id = ANY (projects))
              ORDER BY o.id) o;
END
$$;
