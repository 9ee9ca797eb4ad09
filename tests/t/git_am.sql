-- Some series of a database as mboxes, and what the database has of their patches: a JSON document a line, of so many
-- (:most) spread over all that have a patch.
SELECT json_build_object('series', s.id, 'mbox', patchmail.series_mbox(s.id), 'patches', (
           SELECT json_agg(json_build_object(
                      'id', x.id, 'email', r.email, 'author', r.name, 'name', x.name,
                      'content', coalesce(x.content, ''), 'diff', coalesce(x.diff, ''),
                      'said', (SELECT coalesce(json_agg(c.content ORDER BY c.date, c.id), '[]')
                                 FROM public.patchwork_patchcomment c WHERE c.patch_id = x.id)) ORDER BY x.number, x.id)
             FROM public.patchwork_patch x JOIN public.patchwork_person r ON r.id = x.submitter_id
            WHERE x.series_id = s.id))
  FROM (SELECT o.id, row_number() OVER (ORDER BY o.id) AS n, count(*) OVER () AS of FROM public.patchwork_series o
         WHERE EXISTS (SELECT FROM public.patchwork_patch x WHERE x.series_id = o.id)) s
 WHERE (s.n * :most) / s.of > ((s.n - 1) * :most) / s.of
 ORDER BY s.id;
