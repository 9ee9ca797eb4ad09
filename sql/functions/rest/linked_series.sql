-- _patchmail.linked_series(series_id, base_url): the keys of a series' document that say which series it depends on,
-- and which depend on it.
-- Gives    two lists of addresses, in the order of the series' ids; {} where Patchwork has no such table yet, or the
--          project does not show dependencies.
CREATE OR REPLACE FUNCTION _patchmail.linked_series(series_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('public.patchwork_series_dependencies') IS NULL
       OR (SELECT to_jsonb(p)->>'show_dependencies' = 'true' FROM public.patchwork_series s
             JOIN public.patchwork_project p ON p.id = s.project_id WHERE s.id = series_id) IS NOT TRUE THEN
        RETURN '{}';
    END IF;
    RETURN (WITH link AS (
                SELECT d.from_series_id, d.to_series_id FROM public.patchwork_series_dependencies d
                 WHERE series_id IN (d.from_series_id, d.to_series_id)
            ), url AS (
                SELECT l.from_series_id, l.to_series_id,
                       format('%s/api/series/%s/', base_url,
                              CASE series_id WHEN l.from_series_id THEN l.to_series_id ELSE l.from_series_id END) AS url
                  FROM link l)
            SELECT json_build_object(
                       'dependencies', coalesce(json_agg(u.url ORDER BY u.to_series_id)
                                                FILTER (WHERE u.from_series_id = series_id), '[]'),
                       'dependents', coalesce(json_agg(u.url ORDER BY u.from_series_id)
                                              FILTER (WHERE u.to_series_id = series_id), '[]'))
              FROM url u);
END
$$;
