-- patchmail.fill_series(series_id, former, members): gives a series the members that were derived for it.
-- Takes    its row, or NULL to make one; the lead that it had; the ledger ids of its members.
-- Gives    its row.
-- Rules    A patch that an admin has put into another series or taken out of its own, or whose number is taken here,
--          stays outside.
-- Touches  public.patchwork_series, _patch (series_id), _event; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION patchmail.fill_series(series_id integer, former patchmail.message, members bigint[])
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    lead patchmail.message;
BEGIN
    lead := patchmail.lead_of(members);
    IF fill_series.series_id IS NULL THEN
        fill_series.series_id := patchmail.create_series(lead);
    ELSE
        PERFORM patchmail.change_series(fill_series.series_id, former, lead);
    END IF;
    UPDATE public.patchwork_patch p SET series_id = fill_series.series_id
      FROM patchmail.message m
     WHERE m.id = ANY (members) AND m.number <> 0 AND m.series_id IS NULL AND p.id = m.patch_id AND p.series_id IS NULL
       AND NOT EXISTS (SELECT FROM public.patchwork_patch o
                        WHERE o.series_id = fill_series.series_id AND o.number = p.number);
    UPDATE patchmail.message m SET series_id = fill_series.series_id
     WHERE m.id = ANY (members) AND coalesce(m.series_id, 0) = 0;
    RETURN fill_series.series_id;
END
$$;
