-- patchmail.project_names(facts, source): the linknames of the projects that a mail belongs to, with blanks between
-- them.
-- Takes    what patchmail.store takes.
-- Gives    NULL if it belongs to none, or if its facts say no more than that it was rejected.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.project_names(facts jsonb, source jsonb)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT string_agg(p.linkname, ' ' ORDER BY p.id) FROM public.patchwork_project p
     WHERE p.id = ANY (_patchmail.follow_moves(_patchmail.find_projects(facts, source), facts));
$$;
COMMENT ON FUNCTION patchmail.project_names(jsonb, jsonb) IS
    'For patchmaild: the projects that a mail belongs to.';
