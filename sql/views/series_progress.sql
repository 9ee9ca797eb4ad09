-- patchmail.series_progress: every series with how much of it is here, for an admin's eye.
CREATE OR REPLACE VIEW patchmail.series_progress AS
SELECT p.linkname AS project, s.id, s.name, s.version, x.received, s.total,
       CASE WHEN s.total = (SELECT count(*) FROM public.patchwork_patch q
                             WHERE q.series_id = s.id AND q.number BETWEEN 1 AND s.total)
            THEN 'complete' ELSE 'incomplete' END AS progress,
       s.cover_letter_id IS NOT NULL AS cover, x.comments, _patchmail.from_patchwork(s.date) AS date,
       a.name AS submitter
  FROM public.patchwork_series s
  JOIN public.patchwork_project p ON p.id = s.project_id
  JOIN public.patchwork_person a ON a.id = s.submitter_id
  CROSS JOIN LATERAL (
       SELECT count(*) AS received,
              coalesce(sum((SELECT count(*) FROM public.patchwork_patchcomment c WHERE c.patch_id = q.id)), 0)
            + (SELECT count(*) FROM public.patchwork_covercomment c WHERE c.cover_id = s.cover_letter_id) AS comments
         FROM public.patchwork_patch q WHERE q.series_id = s.id) x;
COMMENT ON VIEW patchmail.series_progress IS 'Every series, with how much of it is here.';
