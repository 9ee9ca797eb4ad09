-- patchmail.complete_series(series_id, newcomer): the events of what has become complete in a series, each once.
-- Takes    the series, and the ledger row of the patch or cover letter that is new in it, or NULL.
-- Touches  public.patchwork_event (patch-completed, series-completed; patch-created or cover-created of the newcomer).
CREATE OR REPLACE FUNCTION patchmail.complete_series(series_id integer, newcomer patchmail.message DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_event (category, date, project_id, series_id, patch_id, cover_id)
    SELECT newcomer.kind || '-created', now(), newcomer.project_id, NULL, newcomer.patch_id, newcomer.cover_id
     WHERE newcomer.id IS NOT NULL
    UNION ALL
    SELECT c.category, now(), c.project_id, complete_series.series_id, c.patch_id, NULL
      FROM patchmail.series_completion(complete_series.series_id) c
     WHERE NOT EXISTS (SELECT FROM public.patchwork_event e
                        WHERE e.series_id = complete_series.series_id AND e.category = c.category
                          AND e.patch_id IS NOT DISTINCT FROM c.patch_id);
END
$$;
