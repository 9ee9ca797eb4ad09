-- patchmail.unknown_lists: lists of which mail came, and that no project has, those with the most mail first.
-- Counted as long as patchmail.retention keeps what was ignored; list_id is '(others)' beyond the first thousand lists
-- of a day.
CREATE OR REPLACE VIEW patchmail.unknown_lists AS
SELECT i.list_id, sum(i.mails)::bigint AS mails, min(i.day) AS first_day,
       (array_agg(i.last_msgid ORDER BY i.last_at DESC))[1] AS last_msgid, max(i.last_at) AS last_at
  FROM patchmail.ignored i
 WHERE i.reason = 'no project has its list id'
   AND NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.listid::text = i.list_id)
 GROUP BY i.list_id
 ORDER BY mails DESC, i.list_id;
COMMENT ON VIEW patchmail.unknown_lists IS 'Lists of which mail came, and that no project has.';
