-- _patchmail.check_dependencies(only_project): which series depend on which, and what mail says of it; see
-- _patchmail.check_series.
-- Rules    A dependency that no mail names counts as wrong if patchmaild stored all of the series; an admin may have
--          entered it.  A Patchwork before its migration 0048 has none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_dependencies(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF to_regclass('public.patchwork_series_dependencies') IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH wanted AS MATERIALIZED (
        SELECT d.from_series_id, d.to_series_id
          FROM _patchmail.derive_dependencies(ARRAY(SELECT DISTINCT o.message_id FROM patchmail.dependency o)) d
    )
    SELECT s.project_id, x.kind, 'series', s.id::bigint, format('on series %s', x.to_series_id), x.to_series_id::text
      FROM (SELECT 'dependency-missing' AS kind, w.* FROM wanted w
             WHERE NOT EXISTS (SELECT FROM public.patchwork_series_dependencies d
                                WHERE (d.from_series_id, d.to_series_id) = (w.from_series_id, w.to_series_id))
            UNION ALL
            SELECT 'dependency-stray', d.from_series_id, d.to_series_id FROM public.patchwork_series_dependencies d
             WHERE NOT EXISTS (SELECT FROM wanted w
                                WHERE (d.from_series_id, d.to_series_id) = (w.from_series_id, w.to_series_id))
               AND NOT EXISTS (SELECT FROM public.patchwork_patch p
                                 LEFT JOIN patchmail.message m ON m.project_id = p.project_id
                                                              AND m.msgid = p.msgid::text
                                WHERE p.series_id = d.from_series_id AND m.adopted IS DISTINCT FROM false)) x
      JOIN public.patchwork_series s ON s.id = x.from_series_id
     WHERE only_project IS NULL OR s.project_id = only_project;
END
$$;
