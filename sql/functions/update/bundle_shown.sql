-- _patchmail.bundle_shown(bundle_id): what patchmail.audit shows of a bundle; NULL if there is none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.bundle_shown(bundle_id integer)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('name', b.name, 'owner', u.username, 'project', r.linkname, 'public', b.public,
                              'patches', to_jsonb(_patchmail.bundle_patches(b.id)))
      FROM public.patchwork_bundle b JOIN public.auth_user u ON u.id = b.owner_id
      JOIN public.patchwork_project r ON r.id = b.project_id
     WHERE b.id = $1;
$$;
