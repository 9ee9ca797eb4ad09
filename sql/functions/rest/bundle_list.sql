-- patchmail.bundle_list(filter, base_url, strict): a list of public bundles as Patchwork's REST API gives it.
-- Takes    what patchmail.patch_list takes.
-- Gives    the documents of a page in a list; [] for none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.bundle_list(filter text DEFAULT '', base_url text DEFAULT '',
                                                 strict boolean DEFAULT true)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT coalesce(json_agg(_patchmail.bundle_entry(i.id, rtrim(base_url, '/')) ORDER BY i.n), '[]')
      FROM unnest(_patchmail.list_page('bundle', filter, strict, 'x.public')) WITH ORDINALITY i (id, n);
$$;
COMMENT ON FUNCTION patchmail.bundle_list IS
    'A list of public bundles as Patchwork''s REST API gives it, with its filters: ''project=demo&owner=ada''.';
