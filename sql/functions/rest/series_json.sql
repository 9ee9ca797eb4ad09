-- patchmail.series_json(series_id, base_url): the document that Patchwork's REST API gives of a series.
-- Takes    the series; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such series.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.series_json(series_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.series_entry(series_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.series_json IS
    'The document that Patchwork''s REST API gives of a series.  base_url is the address of its site.';
