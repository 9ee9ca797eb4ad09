-- _patchmail.series_sender(series_id): who sent a series, and the verdicts on that.
-- Gives    the author of all its patches and of its cover letter, NULL if they are not one person's; the worst and the
--          best verdict among them.  Mail that Patchwork stored itself counts as "none".
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_sender(series_id integer, OUT submitter_id integer,
                                                   OUT worst patchmail.verdict, OUT best patchmail.verdict)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT CASE WHEN min(x.submitter_id) = max(x.submitter_id) THEN min(x.submitter_id) END,
           min(coalesce(m.verdict, 'none')), max(coalesce(m.verdict, 'none'))
      INTO submitter_id, worst, best
      FROM (SELECT p.project_id, p.msgid, p.submitter_id FROM public.patchwork_patch p
             WHERE p.series_id = series_sender.series_id
            UNION ALL
            SELECT c.project_id, c.msgid, c.submitter_id
              FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
             WHERE s.id = series_sender.series_id) x
      LEFT JOIN patchmail.message m ON m.project_id = x.project_id AND m.msgid = x.msgid::text;
END
$$;
