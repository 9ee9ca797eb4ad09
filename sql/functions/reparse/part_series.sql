-- _patchmail.part_series(stored): takes a patch out of its series that has no marker any more.
-- Takes    its former ledger row.
-- Rules    If nothing else is in that series, it becomes the patch's own.
-- Touches  public.patchwork_patch (series_id); patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.part_series(stored patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM patchmail.message m
                WHERE m.thread = stored.thread AND m.series_id = stored.series_id AND m.id <> stored.id)
       OR EXISTS (SELECT FROM public.patchwork_patch p
                   WHERE p.series_id = stored.series_id AND p.id <> stored.patch_id) THEN
        UPDATE public.patchwork_patch p SET series_id = NULL WHERE p.id = stored.patch_id;
        UPDATE patchmail.message m SET series_id = NULL WHERE m.id = stored.id;
    ELSE
        UPDATE public.patchwork_patch p SET series_id = stored.series_id WHERE p.id = stored.patch_id;
    END IF;
END
$$;
