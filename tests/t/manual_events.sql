-- What the examples of patchmail-events(7) need beside what those of patchmail(7) have: an event of each category, all
-- of one date; and hooks.
SELECT patchmail.patch_update(p.id, '{"state": "accepted", "delegate": "ada"}', 'ada')
  FROM public.patchwork_patch p ORDER BY p.id LIMIT 1;
SELECT patchmail.check_create(p.id, '{"state": "success", "context": "build", "description": "It builds.",
                                      "target_url": "https://ci.example.org/1"}', 'ci')
  FROM public.patchwork_patch p ORDER BY p.id LIMIT 1;
SELECT patchmail.patch_update(min(p.id), jsonb_build_object('related', jsonb_build_array(max(p.id))), 'ada')
  FROM public.patchwork_patch p;
WITH comment AS (
    INSERT INTO public.patchwork_covercomment (msgid, date, headers, content, cover_id, submitter_id)
    SELECT '<20260302100000.7@example.net>', '2026-03-02 10:00', '', 'Looks good.', c.id, c.submitter_id
      FROM public.patchwork_cover c ORDER BY c.id LIMIT 1
    RETURNING id, cover_id
)
INSERT INTO public.patchwork_event (category, date, project_id, cover_id, cover_comment_id)
SELECT 'cover-comment-created', _patchmail.event_date(c.project_id, 1), c.project_id, c.id, k.id
  FROM comment k JOIN public.patchwork_cover c ON c.id = k.cover_id;
UPDATE public.patchwork_event SET date = '2026-03-02 10:00';
UPDATE public.patchwork_check SET date = '2026-03-02 10:00';
SELECT patchmail.hook_open('ci', '{"holder": "patchmaild-1", "lease": 999999, "filter": "category=series-completed",
                                   "from": "beginning"}');
SELECT patchmail.hook_next('ci', 'patchmaild-1', 999999);
SELECT patchmail.hook_next('ci', 'patchmaild-1', 999999, jsonb_build_object('outcome', 'refused', 'positions', h.given,
                                                                            'reason', 'HTTP 404'))
  FROM patchmail.hook h;
UPDATE patchmail.deferred_event SET dead = true;
