-- _patchmail.derive_dependencies(dependents): derives from the ledger which series depend on which.
-- Takes    the ledger ids of patches or cover letters with Depends-on lines.
-- Gives    pairs of series, each once; what a line names need not be here.
-- Rules    A mail speaks for its series if its author is the series' submitter and its verdict is no worse than that of
--          the series' lead: a stranger's mail in a series says nothing of it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.derive_dependencies(dependents bigint[])
RETURNS TABLE (from_series_id integer, to_series_id integer) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT dependent.series_id, target.id
      FROM patchmail.dependency d
      JOIN patchmail.message dependent ON dependent.id = d.message_id
      JOIN public.patchwork_series target ON target.project_id = d.project_id AND target.id = coalesce(
               d.series_id,
               (SELECT p.series_id FROM public.patchwork_patch p WHERE p.id = d.patch_id),
               (SELECT p.series_id FROM public.patchwork_patch p
                 WHERE p.msgid = d.msgid AND p.project_id = d.project_id),
               (SELECT s.id FROM public.patchwork_cover c JOIN public.patchwork_series s ON s.cover_letter_id = c.id
                 WHERE c.msgid = d.msgid AND c.project_id = d.project_id))
     WHERE d.message_id = ANY (dependents)
       AND dependent.series_id <> target.id
       AND EXISTS (SELECT FROM public.patchwork_series s
                    WHERE s.id = dependent.series_id AND s.submitter_id = dependent.submitter_id)
       AND dependent.verdict >= coalesce((_patchmail.series_lead(dependent.series_id, dependent.thread)).verdict,
                                         dependent.verdict);
END
$$;
