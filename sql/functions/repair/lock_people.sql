-- _patchmail.lock_people(ids): locks everything that mail of some people touches.
-- Takes    ids of people.
-- Locks    all projects, in the order of their ids: each may have mail of theirs, or get some; then their addresses, in
--          their order (_patchmail.create_person).
CREATE OR REPLACE FUNCTION _patchmail.lock_people(ids integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.lock_projects(ARRAY(SELECT p.id FROM public.patchwork_project p));
    PERFORM pg_advisory_xact_lock(hashtextextended('patchmail.person ' || a.address, 0))
       FROM (SELECT upper(p.email::text COLLATE "C") AS address FROM public.patchwork_person p
              WHERE p.id = ANY (ids) ORDER BY 1) a;
END
$$;
