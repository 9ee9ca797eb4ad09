-- patchmail.person_json(person_id, base_url): the document that Patchwork's REST API gives of a person.
-- Takes    the person; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such person.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.person_json(person_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.person_entry(person_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.person_json IS
    'The document that Patchwork''s REST API gives of a person.  base_url is the address of its site.';
