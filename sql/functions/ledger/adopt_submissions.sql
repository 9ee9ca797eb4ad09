-- _patchmail.adopt_submissions(project_id, msgids, series): adopts patches and cover letters; see _patchmail.adopt.
-- Takes    Message-IDs, and series to adopt whole, so that their other members are known too.
-- Rules    A member of a series of more than one patch, or of one with a cover letter, counts as marked.  Each
--          series is a thread of its own.
-- Touches  patchmail.message.
CREATE OR REPLACE FUNCTION _patchmail.adopt_submissions(project_id integer, msgids text[], series integer[])
RETURNS void LANGUAGE sql AS $$
    WITH submission AS (
        SELECT 'patch' AS kind, p.id AS patch_id, NULL::integer AS cover_id, p.msgid, p.name,
               _patchmail.from_patchwork(p.date) AS date, p.submitter_id, p.series_id, s.version, s.total,
               CASE WHEN s.total > 1 OR s.cover_letter_id IS NOT NULL THEN p.number::integer END AS number
          FROM public.patchwork_patch p LEFT JOIN public.patchwork_series s ON s.id = p.series_id
         WHERE p.project_id = $1 AND (p.msgid = ANY ($2) OR p.series_id = ANY ($3))
        UNION ALL
        SELECT 'cover', NULL, c.id, c.msgid, c.name, _patchmail.from_patchwork(c.date), c.submitter_id, s.id, s.version,
               s.total, CASE WHEN s.id IS NOT NULL THEN 0 END
          FROM public.patchwork_cover c LEFT JOIN public.patchwork_series s ON s.cover_letter_id = c.id
         WHERE c.project_id = $1 AND (c.msgid = ANY ($2) OR s.id = ANY ($3))
    ), numbered AS (
        SELECT u.*, nextval(pg_get_serial_sequence('patchmail.message', 'id')) AS id
          FROM submission u
         WHERE NOT EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = $1 AND m.msgid = u.msgid)
    ), known AS (  -- series that have members in the ledger
        SELECT x.series_id, min(m.thread) AS thread
          FROM (SELECT p.series_id, p.msgid FROM public.patchwork_patch p
                 WHERE p.series_id IN (SELECT n.series_id FROM numbered n)
                UNION ALL
                SELECT s.id, c.msgid
                  FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
                 WHERE s.id IN (SELECT n.series_id FROM numbered n)) x
          JOIN patchmail.message m ON m.project_id = $1 AND m.msgid = x.msgid AND m.series_id = x.series_id
         GROUP BY x.series_id
    )
    INSERT INTO patchmail.message (id, project_id, msgid, thread, kind, version, number, total, name, title, refs, date,
                                   submitter_id, adopted, patch_id, cover_id, series_id)
    OVERRIDING SYSTEM VALUE
    SELECT n.id, $1, n.msgid,
           coalesce(k.thread, min(n.id) OVER (PARTITION BY coalesce(n.series_id, -n.id))),
           n.kind, coalesce(n.version, 1), n.number, CASE WHEN n.number IS NOT NULL THEN n.total END,
           n.name, n.name, '{}', n.date, n.submitter_id, true, n.patch_id, n.cover_id, n.series_id
      FROM numbered n LEFT JOIN known k ON k.series_id = n.series_id;
$$;
