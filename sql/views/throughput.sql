-- patchmail.throughput: how much mail was stored or waits, a row an hour, project and transport, of the last seven
-- days, the last hour first.  What Patchwork stored itself is of transport "patchwork".  It counts the ledger: so
-- storing a mail costs nothing more, and of a million mails of a week it takes a second.
CREATE OR REPLACE VIEW patchmail.throughput AS
SELECT date_trunc('hour', m.arrived, 'UTC') AS hour, p.linkname::text AS project,
       CASE WHEN m.adopted THEN 'patchwork' ELSE coalesce(m.transport, 'unknown') END AS transport,
       count(*) AS mails, count(*) FILTER (WHERE m.kind = 'patch') AS patches,
       count(*) FILTER (WHERE m.kind = 'comment') AS comments
  FROM public.patchwork_project p
  JOIN patchmail.message m ON m.project_id = p.id AND m.arrived >= now() - interval '7 days'
 GROUP BY 1, 2, 3
 ORDER BY 1 DESC, 2, 3;
COMMENT ON VIEW patchmail.throughput IS
    'How much mail was stored, a row an hour, project and transport, of the last seven days.';
