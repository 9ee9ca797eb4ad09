-- _patchmail.bundle_entry(bundle_id, base_url): the document of a bundle, which lists have too.
-- Gives    every key in its order, its patches in the order of their dates; NULL if there is no such bundle.
CREATE OR REPLACE FUNCTION _patchmail.bundle_entry(bundle_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', b.id,
                       'url', format('%s/api/bundles/%s/', base_url, b.id),
                       'web_url', page.url,
                       'project', _patchmail.project_part(b.project_id, base_url),
                       'name', b.name,
                       'owner', _patchmail.user_part(b.owner_id, base_url, b.project_id),
                       'patches', (SELECT coalesce(json_agg(_patchmail.patch_part(x.id, base_url)
                                                            ORDER BY x.date, x.id), '[]')
                                     FROM public.patchwork_bundlepatch m
                                     JOIN public.patchwork_patch x ON x.id = m.patch_id WHERE m.bundle_id = b.id),
                       'public', b.public,
                       'mbox', page.url || 'mbox/')
              FROM public.patchwork_bundle b
              JOIN public.auth_user u ON u.id = b.owner_id
              CROSS JOIN LATERAL (SELECT format('%s/bundle/%s/%s/', base_url, _patchmail.url_quote(u.username),
                                                _patchmail.url_quote(b.name))) page (url)
             WHERE b.id = $1);
END
$$;
