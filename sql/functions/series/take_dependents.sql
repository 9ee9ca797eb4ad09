-- _patchmail.take_dependents(ids): takes away the dependencies of and on the series of mails that are to move or to
-- leave, or of which something else changes; _patchmail.write_dependencies writes them anew.
-- Takes    ledger ids of patches and cover letters.
-- Gives    the ledger ids that it needs for this; NULL if there is nothing to write.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.take_dependents(ids bigint[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[];
BEGIN
    IF pg_relation_size('patchmail.dependency') = 0
       OR to_regclass('public.patchwork_series_dependencies') IS NULL THEN
        RETURN NULL;
    END IF;
    dependents := nullif(_patchmail.dependents_of(ids), '{}');
    DELETE FROM public.patchwork_series_dependencies s
     USING _patchmail.derive_dependencies(dependents) d
     WHERE s.from_series_id = d.from_series_id AND s.to_series_id = d.to_series_id;
    RETURN dependents;
END
$$;
