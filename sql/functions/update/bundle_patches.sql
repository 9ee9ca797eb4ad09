-- _patchmail.bundle_patches(bundle_id): the patches of a bundle, in its order.
CREATE OR REPLACE FUNCTION _patchmail.bundle_patches(bundle_id integer)
RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT k.patch_id FROM public.patchwork_bundlepatch k
                  WHERE k.bundle_id = $1 ORDER BY k."order", k.id);
$$;
