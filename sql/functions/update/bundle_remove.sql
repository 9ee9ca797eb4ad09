-- patchmail.bundle_remove(bundle_id, patches, actor): takes patches out of a bundle.
-- Takes    its id, and ids of patches.
-- Gives    the row of patchmail.audit; none if nothing is changed.
-- Rules    _patchmail.put_bundle.  It must have each of them, and one more: bundle_delete() removes the whole.
-- Errors   no_data_found, check_violation, invalid_parameter_value.
-- Touches  public.patchwork_bundle, _bundlepatch; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.bundle_remove(bundle_id integer, patches integer[], actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    bundle public.patchwork_bundle := _patchmail.find_bundle(bundle_id);
    former integer[] := _patchmail.bundle_patches(bundle_id);
    other  integer;
BEGIN
    other := (SELECT i FROM unnest(_patchmail.known_ids('patch', patches)) i WHERE i <> ALL (former) LIMIT 1);
    IF other IS NOT NULL THEN
        RAISE EXCEPTION 'bundle % does not have patch %', bundle_id, other USING ERRCODE = 'no_data_found';
    END IF;
    RETURN QUERY SELECT * FROM _patchmail.put_bundle(
        'bundle_remove', bundle_id, bundle.owner_id, bundle.name, bundle.public,
        ARRAY(SELECT f.id FROM unnest(former) WITH ORDINALITY f (id, n) WHERE f.id <> ALL (patches) ORDER BY f.n),
        actor);
END
$$;
COMMENT ON FUNCTION patchmail.bundle_remove IS
    'Takes patches out of a bundle.';
