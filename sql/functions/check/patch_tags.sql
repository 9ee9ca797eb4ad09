-- _patchmail.patch_tags(patch_id): the tags of a patch, as the audit has them.
CREATE OR REPLACE FUNCTION _patchmail.patch_tags(patch_id integer)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('msgid', p.msgid, 'tags',
                              (SELECT jsonb_object_agg(t.abbrev, k.count)
                                 FROM public.patchwork_patchtag k JOIN public.patchwork_tag t ON t.id = k.tag_id
                                WHERE k.patch_id = p.id))
      FROM public.patchwork_patch p WHERE p.id = $1;
$$;
