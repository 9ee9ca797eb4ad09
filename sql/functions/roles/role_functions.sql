-- _patchmail.role_functions(role): the functions of schema patchmail that one of patchmail's roles may call.
-- Takes    'reader' or 'admin'; the program's have _patchmail.program_functions().
-- Rules    Each runs with its owner's rights, so that the role needs none on a table.  A reader may call those that
--          PostgreSQL itself keeps from writing, and an admin the others too; what the program calls is for
--          neither.  The bytes of mail are for admins.  A function that runs with its caller's rights is for the owner
--          of the schema alone.
--          Views call functions of schema _patchmail in the reader's name: he may call these.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.role_functions(role text)
RETURNS SETOF regprocedure LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.oid::regprocedure
      FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace AND (p.prosecdef OR p.proname = 'schema_version')
       AND (role = 'admin' AND p.oid NOT IN (SELECT _patchmail.program_functions(NULL))
            OR p.provolatile <> 'v' AND 'bytea'::regtype <> ALL (p.prorettype || coalesce(p.proallargtypes, '{}')))
    UNION
    SELECT d.refobjid::regprocedure
      FROM pg_class c
      JOIN pg_rewrite r ON r.ev_class = c.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
      JOIN pg_proc p ON p.oid = d.refobjid
     WHERE c.relnamespace = 'patchmail'::regnamespace AND p.pronamespace = '_patchmail'::regnamespace;
$$;
