-- _patchmail.adopt_known(facts, source): takes into the ledger what Patchwork's tables have of a mail and of those that
-- it refers to, if the ledger lacks it.
-- Takes    what patchmail.store was given.
-- Gives    whether it found anything.
-- Why      somebody else stored it at the same time; or the ledger is older than the tables, which were restored
--          without it.
-- Touches  patchmail.message.
-- Locks    each of the mail's projects, in the order of their ids.
CREATE OR REPLACE FUNCTION _patchmail.adopt_known(facts jsonb, source jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    project integer;
    found   boolean := false;
BEGIN
    FOREACH project IN ARRAY _patchmail.follow_moves(_patchmail.find_projects(facts, source), facts) LOOP
        CONTINUE WHEN project = 0;  -- one of its lists has several
        PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), project);
        found := _patchmail.adopt(project, array_append(_patchmail.message_references(project, facts),
                                                       left(facts->>'message_id', 255))) OR found;
    END LOOP;
    RETURN found;
END
$$;
