-- _patchmail.put_back(ids): puts patches and cover letters back that somebody moved in Patchwork's tables.
-- Takes    ledger ids of those that are not where the ledger has them.
-- Gives    those with a marker that have no place to go back to, because their series was deleted or their number is
--          taken there: they are in no series then.
-- Touches  public.patchwork_patch (series_id), _series (cover_letter_id); patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.put_back(ids bigint[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    astray bigint[];
BEGIN
    UPDATE public.patchwork_patch p SET series_id = NULL
      FROM patchmail.message m WHERE m.id = ANY (ids) AND p.id = m.patch_id;
    UPDATE public.patchwork_series s SET cover_letter_id = NULL
      FROM patchmail.message m WHERE m.id = ANY (ids) AND s.cover_letter_id = m.cover_id;
    UPDATE public.patchwork_patch p SET series_id = s.id
      FROM patchmail.message m JOIN public.patchwork_series s ON s.id = m.series_id
     WHERE m.id = ANY (ids) AND p.id = m.patch_id
       AND NOT EXISTS (SELECT FROM public.patchwork_patch o WHERE o.series_id = s.id AND o.number = p.number);
    astray := ARRAY(SELECT m.id FROM patchmail.message m LEFT JOIN public.patchwork_patch p ON p.id = m.patch_id
                     WHERE m.id = ANY (ids) AND m.number IS NOT NULL
                       AND (p.id IS NOT NULL AND p.series_id IS NULL AND m.number <> 0
                            OR NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = m.series_id)));
    UPDATE patchmail.message m SET series_id = NULL WHERE m.id = ANY (astray);
    RETURN astray;
END
$$;
