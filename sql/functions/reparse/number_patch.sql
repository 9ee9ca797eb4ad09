-- _patchmail.number_patch(message): gives a patch its number in the series that was derived for it.
-- Takes    its ledger row as it was entered.
-- Rules    As for a new patch (_patchmail.create_submission): one without a marker is a series of its own, one numbered
--          0 is in none, and one whose number an admin has given to another patch stays outside.
-- Touches  public.patchwork_patch (series_id, number), _series, _event; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.number_patch(message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    series   integer := (SELECT m.series_id FROM patchmail.message m WHERE m.id = message.id);
    numbered smallint := nullif(coalesce(message.number, 1), 0);
BEGIN
    IF series IS NULL THEN
        series := _patchmail.create_series(message);
        UPDATE patchmail.message m SET series_id = series WHERE m.id = message.id;
    END IF;
    UPDATE public.patchwork_patch p
       SET number = numbered,
           series_id = (SELECT s.id FROM public.patchwork_series s
                         WHERE s.id = series AND numbered IS NOT NULL
                           AND NOT EXISTS (SELECT FROM public.patchwork_patch o
                                            WHERE o.series_id = s.id AND o.number = numbered AND o.id <> p.id))
     WHERE p.id = message.patch_id;
    PERFORM _patchmail.retract_completion(series);
    PERFORM _patchmail.complete_series(ARRAY[series]);
END
$$;
