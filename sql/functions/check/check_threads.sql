-- _patchmail.check_threads(only_project): what is derived of threads; see _patchmail.check_series.
-- Rules    One thread may have mails that hang together no more, since what tied them has left.
-- Touches  nothing.
-- Speed    What most mail is like is compared as a set: a patch that hangs on the nearest of its references, a thread
--          with one series.  The functions that derive it are called for the others alone.
CREATE OR REPLACE FUNCTION _patchmail.check_threads(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT m.project_id, 'thread-mixed', 'mail', m.id, format('%s has thread %s', m.msgid, m.thread), NULL::text
      FROM patchmail.message m
      JOIN (SELECT o.thread, min(o.project_id) AS project_id FROM patchmail.message o
             GROUP BY o.thread HAVING min(o.project_id) <> max(o.project_id)) t
        ON t.thread = m.thread AND t.project_id <> m.project_id
     WHERE $1 IS NULL OR m.project_id = $1
    UNION ALL
    (WITH tie AS (
        SELECT r.project_id, r.msgid, m.thread, m.id
          FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id AND m.project_id = r.project_id
         WHERE $1 IS NULL OR r.project_id = $1
        UNION ALL
        SELECT m.project_id, m.msgid, m.thread, m.id FROM patchmail.message m WHERE $1 IS NULL OR m.project_id = $1
    ), torn AS (
        SELECT t.project_id, t.msgid, (min(ARRAY[t.thread, t.id]))[2] AS first, (max(ARRAY[t.thread, t.id]))[2] AS other
          FROM tie t GROUP BY t.project_id, t.msgid HAVING min(t.thread) <> max(t.thread)
    )
    SELECT t.project_id, 'thread-split', 'mail', t.other, format('%s ties it to mail %s', t.msgid, t.first),
           t.first::text
      FROM torn t)
    UNION ALL
    SELECT m.project_id, 'thread-split', 'mail', m.id, format('%s was sent with mail %s', m.msgid, m.former),
           m.former::text
      FROM (SELECT o.project_id, o.id, o.msgid, o.thread, o.date, lag(o.id) OVER sent AS former,
                   lag(o.date) OVER sent AS former_date, lag(o.thread) OVER sent AS former_thread
              FROM patchmail.message o
             WHERE o.number IS NOT NULL AND NOT o.adopted AND ($1 IS NULL OR o.project_id = $1)
            WINDOW sent AS (PARTITION BY o.project_id, o.submitter_id, o.version, o.total
                            ORDER BY o.date, o.thread, o.id)) m
     WHERE m.thread <> m.former_thread AND m.date <= m.former_date + interval '20 minutes'
    UNION ALL
    SELECT m.project_id, 'anchor-wrong', 'mail', m.id,
           format('%s hangs on %s, not on %s', m.msgid, coalesce(m.anchor_id::text, 'nothing'),
                  coalesce(a.id::text, 'nothing')), a.id::text
      FROM patchmail.message m
      LEFT JOIN patchmail.message n ON n.project_id = m.project_id AND n.msgid = m.refs[1], LATERAL (
           SELECT CASE WHEN m.number IS NULL OR m.refs = '{}' THEN NULL
                       WHEN n.version = m.version AND n.minor = m.minor AND n.total = m.total
                            AND (n.kind = 'cover' OR n.kind = 'patch' AND n.number <> m.number
                                                     AND m.msgid <> ALL (n.refs)) THEN n.id
                       ELSE _patchmail.find_anchor(m) END AS id) a
     WHERE m.kind = 'patch' AND NOT m.adopted AND ($1 IS NULL OR m.project_id = $1)
       AND m.anchor_id IS DISTINCT FROM a.id
    UNION ALL
    SELECT t.project_id, 'place-wrong', 'thread', t.thread,
           format('%s series are derived of %s, which have %s', d.derived, t.first, d.placed), NULL
      FROM (SELECT m.project_id, m.thread, min(m.msgid) AS first FROM patchmail.message m
             WHERE m.number IS NOT NULL AND ($1 IS NULL OR m.project_id = $1)
             GROUP BY m.project_id, m.thread
            HAVING NOT bool_and(m.adopted)
               AND NOT (count(m.series_id) = count(*) AND min(m.series_id) = max(m.series_id)
                        AND count(DISTINCT m.number) = count(*) AND NOT bool_or(m.adopted)
                        AND min(m.version) = max(m.version) AND min(m.minor) = max(m.minor)
                        AND min(m.total) = max(m.total)
                        AND count(m.anchor_id) = count(*) - 1)) t, LATERAL (
           SELECT count(DISTINCT u.series) AS derived, count(DISTINCT u.placed) AS placed,
                  count(DISTINCT (u.series, u.placed)) AS both
             FROM _patchmail.derive_series(t.thread) s, unnest(s.series, s.placed) u (series, placed)
            WHERE EXISTS (SELECT FROM public.patchwork_series o WHERE o.id = u.placed)) d
     WHERE d.both <> d.derived OR d.both <> d.placed;
$$;
