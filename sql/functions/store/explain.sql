-- patchmail.explain(facts, source): reports how far each project that a mail belongs to trusts its author.
-- Takes    what patchmail.store takes.
-- Gives    a row a project: its linkname, the verdict with the reason in words, and what patchmail.allowed says of it.
-- Touches  nothing.  Deliverers may call it.
CREATE OR REPLACE FUNCTION patchmail.explain(facts jsonb, source jsonb)
RETURNS TABLE (linkname text, verdict patchmail.verdict, reason text, may_be_stored boolean, otherwise text,
               may_use_hints boolean, may_rename boolean, may_revise boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT p.linkname, m.verdict, m.verdict_reason, a.may_be_stored, a.otherwise, a.may_use_hints, a.may_rename,
           a.may_revise
      FROM unnest(_patchmail.follow_moves(_patchmail.find_projects($1, $2), $1)) WITH ORDINALITY f (id, position)
      JOIN public.patchwork_project p ON p.id = f.id
     CROSS JOIN LATERAL _patchmail.read_message(p.id, p.linkname, _patchmail.find_author($1, p.listemail),
                                               _patchmail.facts_for_list($1, p.listid)) m
     CROSS JOIN LATERAL patchmail.allowed(p.linkname, m.verdict) a
     WHERE $1->>'rejected' IS NULL
     ORDER BY f.position;
$$;
COMMENT ON FUNCTION patchmail.explain(jsonb, jsonb) IS
    'For patchmaild: what store() would make of a mail, and why.  Nothing is stored.';
