-- patchmail.allowed(project, verdict): what a mail with that verdict on its author may do in a project.
-- Takes    the project's linkname.
-- Gives    a row: whether it may be stored, and what becomes of it otherwise (quarantine, refuse); whether its hints
--          count; whether it may rename its author; whether it may revise what its author sent before.  No row if there
--          is no such project.
-- Rules    Without a policy everything is stored, and hints and names count from "conflict" up.
--          _patchmail.store_message knows that too, and does not ask if nothing can be forbidden.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.allowed(project text, verdict patchmail.verdict)
RETURNS TABLE (may_be_stored boolean, otherwise text, may_use_hints boolean, may_rename boolean, may_revise boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT enum_ge($2, coalesce(y.store, 'ambiguous')), coalesce(y.otherwise, 'quarantine'),
           enum_ge($2, coalesce(y.hints, 'conflict')), enum_ge($2, coalesce(y.rename, 'conflict')),
           enum_ge($2, coalesce(y.revise, 'conflict'))
      FROM public.patchwork_project p LEFT JOIN patchmail.policy y ON y.project_id = p.id
     WHERE p.linkname::text = $1;
$$;
COMMENT ON FUNCTION patchmail.allowed IS
    'What a mail with a verdict on its author may do in a project.';
