-- _patchmail.own_series(message): gives a patch without a marker a series of its own, unless it has one.
-- Takes    its ledger row.
-- Touches  public.patchwork_patch (series_id, number), _series, _event; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.own_series(message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    series integer;
BEGIN
    IF EXISTS (SELECT FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
                WHERE p.id = message.patch_id AND s.cover_letter_id IS NULL
                  AND NOT EXISTS (SELECT FROM public.patchwork_patch o WHERE o.series_id = s.id AND o.id <> p.id)) THEN
        RETURN;
    END IF;
    series := _patchmail.create_series(message);
    UPDATE public.patchwork_patch p SET series_id = series, number = 1 WHERE p.id = message.patch_id;
    UPDATE patchmail.message m SET series_id = series WHERE m.id = message.id;
    PERFORM _patchmail.complete_series(ARRAY[series]);
END
$$;
