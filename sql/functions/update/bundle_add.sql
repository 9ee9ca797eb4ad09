-- patchmail.bundle_add(bundle_id, patches, actor): puts patches at the end of a bundle.
-- Takes    its id, and ids of patches.
-- Gives    the row of patchmail.audit; none if nothing is changed.
-- Rules    _patchmail.put_bundle.  A patch that it has stays where it is.
-- Errors   no_data_found, check_violation, invalid_parameter_value.
-- Touches  public.patchwork_bundle, _bundlepatch; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.bundle_add(bundle_id integer, patches integer[], actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    bundle public.patchwork_bundle := _patchmail.find_bundle(bundle_id);
BEGIN
    PERFORM _patchmail.known_ids('patch', patches);
    RETURN QUERY SELECT * FROM _patchmail.put_bundle(
        'bundle_add', bundle_id, bundle.owner_id, bundle.name, bundle.public,
        _patchmail.bundle_patches(bundle_id) || patches, actor);
END
$$;
COMMENT ON FUNCTION patchmail.bundle_add IS
    'Puts patches at the end of a bundle.';
