-- patchmail.series_list(filter, base_url, strict): a list of series as Patchwork's REST API gives it.
-- Takes    what patchmail.patch_list takes.
-- Gives    the documents of a page in a list; [] for none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.series_list(filter text DEFAULT '', base_url text DEFAULT '',
                                                 strict boolean DEFAULT true)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT coalesce(json_agg(_patchmail.series_entry(i.id, rtrim(base_url, '/')) ORDER BY i.n), '[]')
      FROM unnest(_patchmail.list_page('series', filter, strict)) WITH ORDINALITY i (id, n);
$$;
COMMENT ON FUNCTION patchmail.series_list IS
    'A list of series as Patchwork''s REST API gives it, with its filters: ''project=demo&order=-date''.';
