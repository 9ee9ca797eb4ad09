-- _patchmail.check_events(only_project): events that are missing, doubled or wrong; see _patchmail.check_series.
-- Rules    An admin may have removed old events: of what is older than the first that a project still has of its
--          category none is missed.
--          An event that something is complete is right too if what it lacks now was deleted or moved by an admin: the
--          ledger knows that.  It is wrong only where the ledger knows of the series.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_events(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    WITH created AS MATERIALIZED (
        SELECT e.category::text AS category, e.project_id, CASE e.category WHEN 'patch-created' THEN e.patch_id
                     WHEN 'cover-created' THEN e.cover_id WHEN 'series-created' THEN e.series_id
                     ELSE coalesce(e.patch_comment_id, e.cover_comment_id) END AS id
          FROM public.patchwork_event e
         WHERE e.category LIKE '%-created' AND e.category <> 'check-created' AND ($1 IS NULL OR e.project_id = $1)
    ), floor AS MATERIALIZED (
        SELECT c.project_id, c.category, min(c.id) AS id FROM created c GROUP BY 1, 2
    ), made AS (
        SELECT p.project_id, 'patch' AS object, p.id, p.msgid::text AS name FROM public.patchwork_patch p
        UNION ALL SELECT c.project_id, 'cover', c.id, c.msgid FROM public.patchwork_cover c
        UNION ALL SELECT s.project_id, 'series', s.id, s.name FROM public.patchwork_series s
        UNION ALL SELECT p.project_id, 'patch-comment', k.id, k.msgid
                    FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
        UNION ALL SELECT c.project_id, 'cover-comment', k.id, k.msgid
                    FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
    ), member AS MATERIALIZED (
        SELECT p.id, p.project_id, p.series_id, p.msgid, p.number,
               p.number = dense_rank() OVER numbers AS complete, max(p.id) OVER numbers AS last
          FROM public.patchwork_patch p
         WHERE p.series_id IS NOT NULL AND p.number > 0 AND ($1 IS NULL OR p.project_id = $1)
        WINDOW numbers AS (PARTITION BY p.series_id ORDER BY p.number)
    ), complete AS MATERIALIZED (
        SELECT m.project_id, 'patch' AS object, m.id, m.series_id, m.last, m.msgid::text AS name
          FROM member m WHERE m.complete
        UNION ALL
        SELECT m.project_id, 'series', NULL, m.series_id, m.last, s.name
          FROM member m JOIN public.patchwork_series s ON s.id = m.series_id AND s.total = m.number WHERE m.complete
    ), completed AS MATERIALIZED (
        SELECT e.id, e.project_id, split_part(e.category, '-', 1) AS object, e.patch_id, e.series_id
          FROM public.patchwork_event e
         WHERE e.category IN ('patch-completed', 'series-completed') AND ($1 IS NULL OR e.project_id = $1)
    ), suspect AS MATERIALIZED (
        SELECT e.*, coalesce(p.msgid, s.name) AS name, p.series_id AS place,
               CASE e.object WHEN 'patch' THEN p.number ELSE s.total END AS last
          FROM completed e JOIN public.patchwork_series s ON s.id = e.series_id
          LEFT JOIN public.patchwork_patch p ON p.id = e.patch_id
         WHERE NOT EXISTS (SELECT FROM complete x
                            WHERE x.object = e.object AND x.series_id = e.series_id
                              AND coalesce(x.id, 0) = coalesce(e.patch_id, 0))
    ), known AS MATERIALIZED (
        SELECT m.series_id, coalesce(m.number, 1) AS number, m.patch_id FROM patchmail.message m
         WHERE m.series_id IN (SELECT x.series_id FROM suspect x) OR m.patch_id IN (SELECT x.patch_id FROM suspect x)
    )
    SELECT x.project_id, 'event-missing', x.object, x.id::bigint, format('%s-created of %s', x.object, x.name),
           x.object || '-created'
      FROM made x JOIN floor f ON f.project_id = x.project_id AND f.category = x.object || '-created' AND f.id < x.id
     WHERE ($1 IS NULL OR x.project_id = $1)
       AND NOT EXISTS (SELECT FROM created c WHERE c.category = x.object || '-created' AND c.id = x.id)
    UNION ALL
    SELECT x.project_id, 'completion-missing', x.object, coalesce(x.id, x.series_id),
           format('%s-completed of %s', x.object, x.name), x.series_id::text
      FROM complete x JOIN floor f ON f.project_id = x.project_id AND f.category = 'patch-created' AND f.id <= x.last
     WHERE NOT EXISTS (SELECT FROM completed e
                        WHERE e.object = x.object AND e.series_id = x.series_id
                          AND coalesce(e.patch_id, 0) = coalesce(x.id, 0))
    UNION ALL
    SELECT e.project_id, 'completion-wrong', 'event', e.id,
           format('%s %s is not complete in series %s', e.object, e.name, e.series_id), NULL
      FROM suspect e LEFT JOIN known m ON m.patch_id = e.patch_id
     WHERE EXISTS (SELECT FROM known o WHERE o.series_id = e.series_id)
       AND (e.object = 'patch' AND e.series_id <> ALL (ARRAY[coalesce(e.place, 0), coalesce(m.series_id, 0)])
            OR EXISTS (
               SELECT FROM generate_series(1, e.last) n
                WHERE NOT EXISTS (SELECT FROM public.patchwork_patch o WHERE o.series_id = e.series_id AND o.number = n)
                  AND NOT EXISTS (SELECT FROM known o LEFT JOIN public.patchwork_patch p ON p.id = o.patch_id
                                   WHERE o.series_id = e.series_id AND o.number = n
                                     AND p.series_id IS DISTINCT FROM e.series_id)))
    UNION ALL
    SELECT e.project_id, 'event-twice', 'event', e.id, format('%s, as event %s', e.category, d.first), NULL
      FROM (SELECT min(e.id) AS first, e.category, e.patch_id, e.cover_id, e.series_id, e.patch_comment_id,
                   e.cover_comment_id
              FROM public.patchwork_event e
             WHERE (e.category LIKE '%-created' AND e.category <> 'check-created' OR e.category LIKE '%-completed')
               AND ($1 IS NULL OR e.project_id = $1)
             GROUP BY e.category, e.patch_id, e.cover_id, e.series_id, e.patch_comment_id, e.cover_comment_id
            HAVING count(*) > 1) d
      JOIN public.patchwork_event e
        ON e.id > d.first AND e.category = d.category
           AND (e.patch_id, e.cover_id, e.series_id, e.patch_comment_id, e.cover_comment_id)
               IS NOT DISTINCT FROM (d.patch_id, d.cover_id, d.series_id, d.patch_comment_id, d.cover_comment_id);
$$;
