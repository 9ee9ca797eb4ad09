-- _patchmail.write_dependencies(dependents): writes the dependencies of and on these mails' series; see
-- _patchmail.resolve_dependencies.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.write_dependencies(dependents bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_series_dependencies (from_series_id, to_series_id)
    SELECT d.from_series_id, d.to_series_id FROM _patchmail.derive_dependencies(dependents) d
    ON CONFLICT (from_series_id, to_series_id) DO NOTHING;
END
$$;
