-- patchmail.series_json(series_id, base_url): a series as it stands in the REST documents of its patches.
CREATE OR REPLACE FUNCTION patchmail.series_json(series_id integer, base_url text)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT json_build_object(
               'id', s.id,
               'url', format('%s/api/series/%s/', base_url, s.id),
               'web_url', format('%s/project/%s/list/?series=%s', base_url, _patchmail.url_quote(p.linkname), s.id),
               'date', _patchmail.json_date(s.date),
               'name', s.name,
               'version', s.version,
               'mbox', format('%s/series/%s/mbox/', base_url, s.id))
      FROM public.patchwork_series s
      LEFT JOIN public.patchwork_project p ON p.id = s.project_id
     WHERE s.id = $1;
$$;
COMMENT ON FUNCTION patchmail.series_json IS
    'A series as it stands in the REST documents of its patches.';
