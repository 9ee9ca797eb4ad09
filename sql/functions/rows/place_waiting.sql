-- patchmail.place_waiting(project): goes on with the comments that _patchmail.place_answers left over.
-- Takes    a project's linkname; NULL: all projects.
-- Gives    for each project that had some: its linkname, and how many mails there are whose answers it has still to
--          look at; 0: it is done.
-- Rules    A call does a part of it (_patchmail.place_answers).  Each mail that comes does the same; for the impatient,
--          each call a transaction:  SELECT * FROM patchmail.place_waiting() \watch 1
-- Touches  through _patchmail.place_answers.
-- Locks    each project that has some, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.place_waiting(project text DEFAULT NULL)
RETURNS TABLE (linkname text, remaining bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    id integer;
BEGIN
    FOR id, linkname IN
        SELECT p.id, p.linkname FROM public.patchwork_project p
         WHERE (p.linkname = place_waiting.project OR place_waiting.project IS NULL)
           AND EXISTS (SELECT FROM patchmail.unplaced u WHERE u.project_id = p.id)
         ORDER BY p.id
    LOOP
        PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), id);
        PERFORM _patchmail.place_answers(id, NULL);
        remaining := (SELECT count(*) FROM patchmail.unplaced u WHERE u.project_id = id);
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION patchmail.place_waiting IS
    'Goes on with answers of which one transaction would have had too many.';
