-- patchmail.bundle_delete(bundle_id, actor): deletes a bundle; its patches stay.
-- Gives    the row of patchmail.audit, with what it was.
-- Errors   no_data_found.
-- Touches  public.patchwork_bundle, _bundlepatch; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.bundle_delete(bundle_id integer, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    bundle public.patchwork_bundle := _patchmail.find_bundle(bundle_id);
    before jsonb := _patchmail.bundle_shown(bundle_id);
BEGIN
    PERFORM _patchmail.acting_user(actor);
    DELETE FROM public.patchwork_bundlepatch k WHERE k.bundle_id = bundle.id;
    DELETE FROM public.patchwork_bundle b WHERE b.id = bundle.id;
    RETURN NEXT _patchmail.note_change('bundle_delete', actor, bundle.project_id, 'bundle', bundle.id, before, NULL);
END
$$;
COMMENT ON FUNCTION patchmail.bundle_delete IS
    'Deletes a bundle; its patches stay.';
