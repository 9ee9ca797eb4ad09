-- _patchmail.pin_series(series): gives the mails of series the places that Patchwork's rows say now: nothing that is
-- derived later moves them.
-- Takes    ids; all that is in them is in the ledger.
-- Rules    A pinned mail hangs on nothing.  What hangs on it, and what comes later and answers it, is drawn into its
--          series as long as its number is free there (_patchmail.derive_series).  A patch numbered 0 is no row of its
--          series, and is pinned where the ledger has it.
-- Touches  patchmail.message.
CREATE OR REPLACE FUNCTION _patchmail.pin_series(series integer[])
RETURNS void LANGUAGE sql AS $$
    UPDATE patchmail.message m
       SET pinned = true, anchor_id = NULL, series_id = x.series_id,
           number = CASE WHEN m.number IS NULL THEN NULL ELSE coalesce(x.number, m.number) END
      FROM (SELECT p.project_id, p.msgid::text, p.series_id, p.number
              FROM public.patchwork_patch p WHERE p.series_id = ANY ($1)
            UNION ALL
            SELECT c.project_id, c.msgid, s.id, NULL
              FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
             WHERE s.id = ANY ($1)
            UNION ALL
            SELECT l.project_id, l.msgid, l.series_id, NULL
              FROM public.patchwork_series s CROSS JOIN LATERAL _patchmail.series_messages(s.id) o
              JOIN patchmail.message l ON l.thread = o.thread AND l.series_id = s.id
             WHERE s.id = ANY ($1) AND l.kind = 'patch' AND l.number = 0) x (project_id, msgid, series_id, number)
     WHERE m.project_id = x.project_id AND m.msgid = x.msgid;
$$;
