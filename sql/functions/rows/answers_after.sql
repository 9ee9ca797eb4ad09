-- _patchmail.answers_after(project_id, msgid, after, most): the next comments that refer to a mail.
-- Takes    the mail's Message-ID; the ledger id of the last mail that an earlier call looked at, 0 at first; how much
--          the call may cost.
-- Gives    their ledger ids; the last mail looked at; what they cost: one each, and one more for each 4 kB that they
--          take in the database; whether there may be more.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.answers_after(project_id integer, msgid text, after bigint, most integer,
                                                   OUT ids bigint[], OUT last bigint, OUT cost integer,
                                                   OUT more boolean)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT coalesce(array_agg(x.message_id) FILTER (WHERE x.kind = 'comment'), '{}'), max(x.message_id),
           coalesce(sum(x.cost), 0), count(*) = answers_after.most OR coalesce(count(*) < max(x.fetched), false)
      INTO ids, last, cost, more
      FROM (SELECT r.message_id, m.kind, s.cost, sum(s.cost) OVER (ORDER BY r.message_id) AS total,
                   count(*) OVER () AS fetched
              FROM (SELECT o.message_id FROM patchmail.reference o
                     WHERE o.project_id = answers_after.project_id AND o.msgid = answers_after.msgid
                       AND o.message_id > answers_after.after
                     ORDER BY o.message_id LIMIT most) r
              LEFT JOIN patchmail.message m ON m.id = r.message_id
              LEFT JOIN public.patchwork_patchcomment k ON k.id = m.patchcomment_id
              LEFT JOIN public.patchwork_covercomment l ON l.id = m.covercomment_id, LATERAL (
                   SELECT 1 + coalesce(pg_column_size(m.waiting), pg_column_size(k.content) + pg_column_size(k.headers),
                                       pg_column_size(l.content) + pg_column_size(l.headers), 0) / 4096 AS cost) s) x
     WHERE x.total - x.cost < answers_after.most;
END
$$;
