-- patchmail.verdicts: how much mail had which verdict: a row a project, week (its Monday, in UTC), domain of the
-- author's address, and verdict.  Without what Patchwork stored itself.
CREATE OR REPLACE VIEW patchmail.verdicts AS
SELECT p.linkname AS project, date_trunc('week', m.date AT TIME ZONE 'UTC')::date AS week,
       lower(split_part(coalesce(a.email, _patchmail.author_address(m)), '@', -1) COLLATE "C") AS domain, m.verdict,
       count(*) AS messages
  FROM patchmail.message m
  JOIN public.patchwork_project p ON p.id = m.project_id
  LEFT JOIN public.patchwork_person a ON a.id = m.submitter_id
 WHERE NOT m.adopted AND (a.id IS NOT NULL OR m.waiting IS NOT NULL)
 GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW patchmail.verdicts IS 'How much mail had which verdict, a row a project, week, domain and verdict.';
