-- _patchmail.adopt_series(series): enters the mail of series into the ledger, as far as Patchwork stored it itself.
-- Takes    ids of series of any project.
-- Touches  patchmail.message.  The caller holds the locks of their projects.
CREATE OR REPLACE FUNCTION _patchmail.adopt_series(series integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.adopt(x.project_id, array_agg(x.msgid))
       FROM (SELECT p.project_id, p.msgid::text FROM public.patchwork_patch p WHERE p.series_id = ANY (series)
             UNION ALL
             SELECT c.project_id, c.msgid
               FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
              WHERE s.id = ANY (series)) x (project_id, msgid)
      WHERE NOT EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = x.project_id AND m.msgid = x.msgid)
      GROUP BY x.project_id;
END
$$;
