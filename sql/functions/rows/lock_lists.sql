-- _patchmail.lock_lists(projects): locks these projects' siblings (_patchmail.sibling_projects), them among these, in
-- the order of their ids.
-- Why      if a list has several projects, a reply belongs to the one that has what it answers, which another
--          transaction may be storing.
-- Locks    the projects, to the end of the transaction.
CREATE OR REPLACE FUNCTION _patchmail.lock_lists(projects integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.lock_projects(_patchmail.sibling_projects(projects));
END
$$;
