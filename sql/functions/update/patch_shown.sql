-- _patchmail.patch_shown(patch_id): what patchmail.audit shows of a patch, as far as it is changed.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.patch_shown(patch_id integer)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('state', s.slug, 'archived', p.archived, 'delegate', u.username,
                                      'commit_ref', p.commit_ref, 'pull_url', p.pull_url, 'relation', p.related_id)
              FROM public.patchwork_patch p
              LEFT JOIN public.patchwork_state s ON s.id = p.state_id
              LEFT JOIN public.auth_user u ON u.id = p.delegate_id
             WHERE p.id = patch_id);
END
$$;
