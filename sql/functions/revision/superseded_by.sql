-- _patchmail.superseded_by(series_id): what the mails of a series say that they replace.
-- Gives    for each line Supersedes: the series that it means, which is of the same project; the patch, if it names
--          one; and the patch that says so, NULL if the cover letter does.  What a line names need not be here.
-- Rules    It counts in mail of the series' own submitter.  _patchmail.may_replace decides what follows from it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.superseded_by(series_id integer)
RETURNS TABLE (former_id integer, former_patch_id integer, patch_id integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM patchmail.dependency d
                    WHERE d.supersedes AND d.project_id = (SELECT s.project_id FROM public.patchwork_series s
                                                            WHERE s.id = superseded_by.series_id)) THEN
        RETURN;  -- as on most lists
    END IF;
    RETURN QUERY
    SELECT t.series, t.patch_id, m.patch_id
      FROM _patchmail.series_messages(superseded_by.series_id) m
      JOIN public.patchwork_series s ON s.id = superseded_by.series_id AND s.submitter_id = m.submitter_id
      JOIN patchmail.dependency d ON d.message_id = m.id AND d.supersedes, LATERAL (
           SELECT p.series_id AS series, p.id AS patch_id FROM public.patchwork_patch p
            WHERE p.msgid = d.msgid AND p.project_id = d.project_id
           UNION ALL
           SELECT o.id, NULL FROM public.patchwork_cover c JOIN public.patchwork_series o ON o.cover_letter_id = c.id
            WHERE c.msgid = d.msgid AND c.project_id = d.project_id) t
     WHERE t.series <> superseded_by.series_id;
END
$$;
