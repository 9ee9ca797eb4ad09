-- _patchmail.role_functions(role): the functions that one of patchmail's roles may call.
-- Takes    'reader', 'monitor' or 'admin'; the program's have _patchmail.program_functions().
-- Rules    Each runs with its owner's rights, so that the role needs none on a table.  An admin may call all, but of
--          what the program calls only what PostgreSQL itself keeps from writing.  A function that runs with
--          its caller's rights is for the owner of the schema alone.
--          Views call functions of schema _patchmail in the name of whoever reads them: he may call these.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.role_functions(role text)
RETURNS SETOF regprocedure LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f FROM _patchmail.reader_functions() f WHERE role = 'reader'
    UNION
    SELECT p.oid::regprocedure
      FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace
       AND (p.proname = 'schema_version' OR role = 'monitor' AND p.proname = 'doctor'
            OR role = 'admin' AND p.prosecdef
               AND (p.provolatile <> 'v' OR p.oid NOT IN (SELECT _patchmail.program_functions(NULL))))
    UNION
    SELECT d.refobjid::regprocedure
      FROM _patchmail.role_relations(role) v
      JOIN pg_rewrite r ON r.ev_class = v.relation
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
      JOIN pg_proc p ON p.oid = d.refobjid
     WHERE p.pronamespace = '_patchmail'::regnamespace;
$$;
