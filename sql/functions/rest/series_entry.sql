-- _patchmail.series_entry(series_id, base_url): the document of a series, which lists have too.
-- Gives    every key in its order, its patches in the order of their dates; NULL if there is no such series.
CREATE OR REPLACE FUNCTION _patchmail.series_entry(series_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT _patchmail.json_join(json_build_object(
                       'id', s.id,
                       'url', format('%s/api/series/%s/', base_url, s.id),
                       'web_url', _patchmail.series_url(base_url, p.linkname, s.id),
                       'project', _patchmail.project_part(p.id, base_url),
                       'name', s.name,
                       'date', _patchmail.json_date(s.date),
                       'submitter', _patchmail.person_part(s.submitter_id, base_url, s.project_id),
                       'version', s.version,
                       'total', s.total,
                       'received_total', received.total,
                       'received_all', s.total <= received.total,
                       'mbox', format('%s/series/%s/mbox/', base_url, s.id),
                       'cover_letter', _patchmail.cover_part(s.cover_letter_id, base_url),
                       'patches', received.patches), _patchmail.linked_series(s.id, base_url))
              FROM public.patchwork_series s
              LEFT JOIN public.patchwork_project p ON p.id = s.project_id
              CROSS JOIN LATERAL (
                   SELECT count(*) AS total,
                          coalesce(json_agg(_patchmail.patch_part(x.id, base_url)
                                            ORDER BY x.date, x.id), '[]') AS patches
                     FROM public.patchwork_patch x WHERE x.series_id = s.id) received
             WHERE s.id = $1);
END
$$;
