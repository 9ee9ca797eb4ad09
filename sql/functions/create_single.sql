-- patchmail.create_single(patch): makes the series of a patch without a marker: one, and complete as it comes.
-- Takes    the patch's ledger row; its series_id is the id that the series gets.
-- Touches  public.patchwork_series, _event (patch-created, series-created, patch-completed, series-completed).
CREATE OR REPLACE FUNCTION patchmail.create_single(patch patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_series (id, name, date, version, total, project_id, submitter_id)
    VALUES (patch.series_id, patch.name, patch.date, patch.version, 1, patch.project_id, patch.submitter_id);
    INSERT INTO public.patchwork_event (category, date, project_id, patch_id, series_id)
    VALUES ('patch-created', now(), patch.project_id, patch.patch_id, NULL),
           ('series-created', now(), patch.project_id, NULL, patch.series_id),
           ('patch-completed', now(), patch.project_id, patch.patch_id, patch.series_id),
           ('series-completed', now(), patch.project_id, NULL, patch.series_id);
END
$$;
