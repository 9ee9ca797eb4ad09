-- _patchmail.mail_part(kind, id, project_id, msgid, date, name, base_url): what _patchmail.patch_part and cover_part
-- give.
-- Takes    'patch' or 'cover', and columns of its row.
CREATE OR REPLACE FUNCTION _patchmail.mail_part(kind text, id integer, project_id integer, msgid text, date timestamptz,
                                                name text, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', $2,
                       'url', format('%s/api/%s/%s/', base_url, CASE kind WHEN 'patch' THEN 'patches' ELSE 'covers' END,
                                     $2),
                       'web_url', page.url,
                       'msgid', msgid,
                       'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, msgid),
                       'date', _patchmail.json_date(date),
                       'name', $6,
                       'mbox', page.url || 'mbox/')
              FROM public.patchwork_project p
              CROSS JOIN LATERAL (SELECT _patchmail.mail_url(base_url, p.linkname, kind, msgid)) page (url)
             WHERE p.id = project_id);
END
$$;
