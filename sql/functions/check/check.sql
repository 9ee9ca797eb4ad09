-- patchmail.check(project): looks for what cannot be right in the database.
-- Takes    a project's linkname; NULL: all projects, and what is of none.
-- Gives    a row a fault: the project, the kind (patchmail.check_kinds), the object and its id, and what is wrong in
--          words that are safe for terminals.  None: all is well.
--          An object "mail" is a row of patchmail.message.
-- Rules    What an admin changed by hand is right, as far as that can be known.  patchmail.repair() mends what can be
--          mended without guessing.
-- Touches  nothing.  It sees one moment, so it may run beside deliveries.
-- Speed    It reads all mail: of a million in some minutes, of which the tags, which are counted in all texts, take a
--          third.  The planner knows nothing of what it has set aside, and would sort it to join it.
CREATE OR REPLACE FUNCTION patchmail.check(project text DEFAULT NULL)
RETURNS SETOF patchmail.fault LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET jit = off
SET enable_mergejoin = off SET work_mem = '128MB' AS $$
DECLARE
    id integer := CASE WHEN project IS NOT NULL THEN _patchmail.project_id(project) END;
BEGIN
    RETURN QUERY
    SELECT p.linkname::text, f.kind, f.object, f.object_id, _patchmail.printable(f.detail, 400)
      FROM _patchmail.find_faults(id, ARRAY(SELECT k.family FROM _patchmail.fault_kinds() k)) f
      LEFT JOIN public.patchwork_project p ON p.id = f.project_id
     ORDER BY f.project_id NULLS FIRST, f.kind, f.object, f.object_id, f.detail;
END
$$;
COMMENT ON FUNCTION patchmail.check IS
    'Looks for what cannot be right in the database, a row a fault.  NULL: in all projects.';
