-- patchmail.series_progress: every series with how much of it is here, and how it stands.
-- open is how many of its patches are open: their state requires action, and they are not archived.  state is the state
-- that all of these have, or how many have which ("new 2, under-review 1"); of a series with no open patch, that of all
-- its patches.
CREATE OR REPLACE VIEW patchmail.series_progress AS
SELECT p.linkname AS project, s.id, s.name, s.version, x.received, s.total,
       CASE WHEN s.total = (SELECT count(*) FROM public.patchwork_patch q
                             WHERE q.series_id = s.id AND q.number BETWEEN 1 AND s.total)
            THEN 'complete' ELSE 'incomplete' END AS progress,
       s.cover_letter_id IS NOT NULL AS cover, x.comments, _patchmail.from_patchwork(s.date) AS date,
       
       CASE WHEN strpos(a.name, '@') = 0 THEN a.name
            ELSE (_patchmail.shown_person(a.id, p.id)).name END::varchar(255) AS submitter, y.open, y.state
  FROM public.patchwork_series s
  JOIN public.patchwork_project p ON p.id = s.project_id
  JOIN public.patchwork_person a ON a.id = s.submitter_id
  CROSS JOIN LATERAL (
       SELECT count(*) AS received,
              coalesce(sum((SELECT count(*) FROM public.patchwork_patchcomment c WHERE c.patch_id = q.id)), 0)
            + (SELECT count(*) FROM public.patchwork_covercomment c WHERE c.cover_id = s.cover_letter_id) AS comments
         FROM public.patchwork_patch q WHERE q.series_id = s.id) x
  CROSS JOIN LATERAL (
       SELECT coalesce(sum(n.patches) FILTER (WHERE n.open), 0)::bigint AS open,
              CASE WHEN count(*) = 1 THEN min(n.slug)
                   ELSE string_agg(format('%s %s', n.slug, n.patches), ', ' ORDER BY n.ordering) END AS state
         FROM (SELECT t.slug::text, t.ordering, t.action_required AND NOT q.archived AS open, count(*) AS patches,
                      rank() OVER (ORDER BY t.action_required AND NOT q.archived DESC) AS rank
                 FROM public.patchwork_patch q JOIN public.patchwork_state t ON t.id = q.state_id
                WHERE q.series_id = s.id GROUP BY 1, 2, 3) n
        WHERE n.rank = 1) y;
COMMENT ON VIEW patchmail.series_progress IS 'Every series, with how much of it is here, and the state of its patches.';
