-- _patchmail.related_json(patch_id, base_url): the patches that a user related to this one, in the order of their
-- dates.
-- Gives    a list as it stands in the REST document of the patch; [] for none.
CREATE OR REPLACE FUNCTION _patchmail.related_json(patch_id integer, base_url text)
RETURNS json LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(json_agg(json_build_object(
               'id', o.id,
               'url', format('%s/api/patches/%s/', base_url, o.id),
               'web_url', _patchmail.patch_url(base_url, p.linkname, o.msgid),
               'msgid', o.msgid,
               'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, o.msgid),
               'date', _patchmail.json_date(o.date),
               'name', o.name,
               'mbox', _patchmail.patch_url(base_url, p.linkname, o.msgid) || 'mbox/')
               ORDER BY o.date, o.id), '[]')
      FROM public.patchwork_patch x
      JOIN public.patchwork_patch o ON o.related_id = x.related_id AND o.id <> x.id
      JOIN public.patchwork_project p ON p.id = o.project_id
     WHERE x.id = $1;
$$;
