-- patchmail.project_json(project_id, base_url): the document that Patchwork's REST API gives of a project.
-- Takes    the project; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such project.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.project_json(project_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.project_entry(project_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.project_json IS
    'The document that Patchwork''s REST API gives of a project.  base_url is the address of its site.';
