-- patchmail.unverified: every patch whose author is not verified, with the verdict and the reason for it.
-- Without those that Patchwork stored itself.
CREATE OR REPLACE VIEW patchmail.unverified AS
SELECT p.linkname AS project, q.id AS patch_id, q.name, a.name AS submitter, a.email,
       _patchmail.from_patchwork(q.date) AS date, m.verdict, m.verdict_reason AS reason
  FROM patchmail.message m
  JOIN public.patchwork_patch q ON q.id = m.patch_id
  JOIN public.patchwork_project p ON p.id = q.project_id
  JOIN public.patchwork_person a ON a.id = q.submitter_id
 WHERE m.verdict <> 'pass' AND NOT m.adopted;
COMMENT ON VIEW patchmail.unverified IS 'Every patch whose author is not verified, and why.';
