-- patchmail.bundle_update(bundle_id, change, actor): changes a bundle as PATCH of Patchwork's REST API does.
-- Takes    its id; and an object with any of name, public, and patches, a list of ids that takes the place of the old
--          one.  A document of the API may be given: what the API only reads of it is passed over.
-- Gives    the row of patchmail.audit; none if it is so already.
-- Rules    _patchmail.put_bundle.
-- Errors   no_data_found, check_violation.
-- Touches  public.patchwork_bundle, _bundlepatch; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.bundle_update(bundle_id integer, change jsonb, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    bundle  public.patchwork_bundle := _patchmail.find_bundle(bundle_id);
    patches integer[];  -- NULL: they stay
BEGIN
    change := _patchmail.check_change(change, '{"name": "string 50", "public": "boolean", "patches": "array"}',
                                      '{id,url,web_url,project,owner,mbox}');
    IF change ? 'patches' THEN
        patches := _patchmail.read_patch_ids('patches', change->'patches');
    END IF;
    RETURN QUERY SELECT * FROM _patchmail.put_bundle(
        'bundle_update', bundle_id, bundle.owner_id, coalesce(change->>'name', bundle.name),
        coalesce((change->>'public')::boolean, bundle.public), patches, actor);
END
$$;
COMMENT ON FUNCTION patchmail.bundle_update IS
    'Changes name, public or patches of a bundle, as Patchwork''s REST API does.';
