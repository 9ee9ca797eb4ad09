-- patchmail.lock_lists(projects): locks all projects of the lists of some, in the order of their ids.
-- Why      where a list has several projects, a reply goes where what it answers is, and that may be on its way.
-- Locks    the projects, to the end of the transaction.
CREATE OR REPLACE FUNCTION patchmail.lock_lists(projects integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), o.id)
       FROM (SELECT o.id FROM public.patchwork_project o
              WHERE o.listid IN (SELECT p.listid FROM public.patchwork_project p WHERE p.id = ANY (projects))
              ORDER BY o.id) o;
END
$$;
