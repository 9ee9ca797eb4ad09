-- _patchmail.take_dependencies_of(stored): _patchmail.take_dependencies for a patch without a marker, which is in a
-- series of its own whatever its thread does.
-- Takes    its ledger row.
-- Gives    the ledger ids that _patchmail.write_dependencies needs; NULL for another mail.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.take_dependencies_of(stored patchmail.message)
RETURNS bigint[] LANGUAGE sql AS $$
    SELECT CASE WHEN stored.number IS NULL THEN _patchmail.take_dependents(ARRAY[stored.id]) END;
$$;
