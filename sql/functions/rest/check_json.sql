-- patchmail.check_json(check_id, base_url): the document that Patchwork's REST API gives of a check.
-- Takes    the check; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such check.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.check_json(check_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.check_entry(check_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.check_json IS
    'The document that Patchwork''s REST API gives of a check.  base_url is the address of its site.';
