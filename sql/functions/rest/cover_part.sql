-- _patchmail.cover_part(cover_id, base_url): a cover letter as it stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.cover_part(cover_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', x.id,
                       'url', format('%s/api/covers/%s/', base_url, x.id),
                       'web_url', page.url,
                       'msgid', x.msgid,
                       'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, x.msgid),
                       'date', _patchmail.json_date(x.date),
                       'name', x.name,
                       'mbox', page.url || 'mbox/')
              FROM public.patchwork_cover x
              JOIN public.patchwork_project p ON p.id = x.project_id
              CROSS JOIN LATERAL (SELECT _patchmail.mail_url(base_url, p.linkname, 'cover', x.msgid)) page (url)
             WHERE x.id = $1);
END
$$;
