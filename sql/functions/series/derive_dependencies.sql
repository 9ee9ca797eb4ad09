-- _patchmail.derive_dependencies(dependents): derives from the ledger which series depend on which.
-- Takes    the ledger ids of patches or cover letters that name something.
-- Gives    pairs of series, each once, and the first of the lines that say so, NULL if that is not known; what a line
--          names need not be here.
-- Rules    A mail speaks for its series if its author is the series' submitter and its verdict is no worse than that of
--          the series' lead: a stranger's mail in a series says nothing of it.
--          Of several patches with one patch-id, or series with one change-id, that is meant which was sent before the
--          mail that names it; of these first one of its own author, then one with the best verdict, then the latest.
--          So the next version of a patch that others name does not change what they depend on.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.derive_dependencies(dependents bigint[])
RETURNS TABLE (from_series_id integer, to_series_id integer, line integer) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH dependent AS MATERIALIZED (
        SELECT m.* FROM patchmail.message m
         WHERE m.id = ANY (dependents)
           AND EXISTS (SELECT FROM public.patchwork_series s
                        WHERE s.id = m.series_id AND s.submitter_id = m.submitter_id)
           AND m.verdict >= coalesce((_patchmail.series_lead(m.series_id, m.thread)).verdict, m.verdict)
    )
    SELECT m.series_id, target.id, min(d.line)
      FROM dependent m
      JOIN patchmail.dependency d ON d.message_id = m.id AND NOT d.supersedes
      JOIN public.patchwork_series target ON target.project_id = d.project_id AND target.id = CASE
               WHEN d.series_id IS NOT NULL THEN d.series_id
               WHEN d.patch_id IS NOT NULL THEN
                   (SELECT p.series_id FROM public.patchwork_patch p WHERE p.id = d.patch_id)
               WHEN d.msgid IS NOT NULL THEN coalesce(
                   (SELECT p.series_id FROM public.patchwork_patch p
                     WHERE p.msgid = d.msgid AND p.project_id = d.project_id),
                   (SELECT s.id FROM public.patchwork_cover c JOIN public.patchwork_series s ON s.cover_letter_id = c.id
                     WHERE c.msgid = d.msgid AND c.project_id = d.project_id))
               ELSE _patchmail.meant_series(d, m) END
     WHERE m.series_id <> target.id
     GROUP BY m.series_id, target.id;
END
$$;
