-- patchmail.patch_list(filter, base_url, strict): a list of patches as Patchwork's REST API gives it.
-- Takes    filter, as the query of a REST path or an object (_patchmail.read_filter); the address of the site;
--          whether a wrong value is an error, or what it is in Patchwork (_patchmail.list_page).
-- Gives    the documents of a page in a list; [] for none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.patch_list(filter text DEFAULT '', base_url text DEFAULT '',
                                                strict boolean DEFAULT true)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT coalesce(json_agg(_patchmail.patch_entry(i.id, rtrim(base_url, '/')) ORDER BY i.n), '[]')
      FROM unnest(_patchmail.list_page('patch', filter, strict)) WITH ORDINALITY i (id, n);
$$;
COMMENT ON FUNCTION patchmail.patch_list IS
    'A list of patches as Patchwork''s REST API gives it, with its filters: ''project=demo&state=new''.';
