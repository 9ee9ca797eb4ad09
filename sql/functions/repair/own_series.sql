-- _patchmail.own_series(message): gives a patch without a marker a series of its own.
-- Takes    its ledger row; its patch is in no series.
-- Touches  public.patchwork_patch (series_id, number), _series, _event; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.own_series(message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    series integer := _patchmail.create_series(message);
BEGIN
    UPDATE public.patchwork_patch p SET series_id = series, number = 1 WHERE p.id = message.patch_id;
    UPDATE patchmail.message m SET series_id = series WHERE m.id = message.id;
    PERFORM _patchmail.complete_series(ARRAY[series]);
END
$$;
