-- _patchmail.fill_series(series_id, members): gives a series the members that were derived for it.
-- Takes    its row; the ledger ids of its members.
-- Rules    A patch stays outside if an admin has put it into another series or taken it out of its own, or if its
--          number is taken here.
-- Touches  public.patchwork_patch (series_id); patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.fill_series(series_id integer, members bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.patchwork_patch p SET series_id = fill_series.series_id
      FROM patchmail.message m
     WHERE m.id = ANY (members) AND m.number <> 0 AND m.series_id IS NULL AND p.id = m.patch_id AND p.series_id IS NULL
       AND NOT EXISTS (SELECT FROM public.patchwork_patch o
                        WHERE o.series_id = fill_series.series_id AND o.number = p.number);
    UPDATE patchmail.message m SET series_id = fill_series.series_id
     WHERE m.id = ANY (members) AND coalesce(m.series_id, 0) = 0;
END
$$;
