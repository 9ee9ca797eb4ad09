-- patchmail.bundle_json(bundle_id, base_url): the document that Patchwork's REST API gives of a bundle.
-- Takes    the bundle; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such bundle, or it is not public.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.bundle_json(bundle_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.bundle_entry(b.id, rtrim(base_url, '/'))
      FROM public.patchwork_bundle b WHERE b.id = $1 AND b.public;
$$;
COMMENT ON FUNCTION patchmail.bundle_json IS
    'The document that Patchwork''s REST API gives of a public bundle.  base_url is the address of its site.';
