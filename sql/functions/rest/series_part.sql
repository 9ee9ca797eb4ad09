-- _patchmail.series_part(series_id, base_url): a series as it stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.series_part(series_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', s.id,
                       'url', format('%s/api/series/%s/', base_url, s.id),
                       'web_url', _patchmail.series_url(base_url, p.linkname, s.id),
                       'date', _patchmail.json_date(s.date),
                       'name', s.name,
                       'version', s.version,
                       'mbox', format('%s/series/%s/mbox/', base_url, s.id))
              FROM public.patchwork_series s
              LEFT JOIN public.patchwork_project p ON p.id = s.project_id
             WHERE s.id = $1);
END
$$;
