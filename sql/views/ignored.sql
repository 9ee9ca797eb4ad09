-- patchmail.ignored: how much mail was ignored, a row a day (in UTC), list and reason, the last one first.
-- list_id is empty for mail without one, and '(others)' for lists beyond the first thousand of a day.
CREATE OR REPLACE VIEW patchmail.ignored AS
SELECT i.day, _patchmail.printable(i.list_id) AS list_id, i.reason, sum(i.mails)::bigint AS mails,
       _patchmail.printable((array_agg(i.last_msgid ORDER BY i.last_at DESC))[1]) AS last_msgid,
       max(i.last_at) AS last_at
  FROM patchmail.ignored_mail i
 GROUP BY i.day, i.list_id, i.reason
 ORDER BY i.day DESC, last_at DESC;
COMMENT ON VIEW patchmail.ignored IS 'How much mail was ignored, a row a day, list and reason.';
