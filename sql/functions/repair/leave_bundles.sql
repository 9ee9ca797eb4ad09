-- _patchmail.leave_bundles(patches, project_id): lets bundles go along with the patches that move to a project, if all
-- of theirs do, and takes these out of the others.
-- Touches  public.patchwork_bundle, _bundlepatch.
CREATE OR REPLACE FUNCTION _patchmail.leave_bundles(patches integer[], project_id integer)
RETURNS void LANGUAGE sql AS $$
    UPDATE public.patchwork_bundle b SET project_id = $2
     WHERE EXISTS (SELECT FROM public.patchwork_bundlepatch x WHERE x.bundle_id = b.id AND x.patch_id = ANY ($1))
       AND NOT EXISTS (SELECT FROM public.patchwork_bundlepatch x WHERE x.bundle_id = b.id AND x.patch_id <> ALL ($1));
    DELETE FROM public.patchwork_bundlepatch x USING public.patchwork_bundle b
     WHERE b.id = x.bundle_id AND b.project_id <> $2 AND x.patch_id = ANY ($1);
$$;
