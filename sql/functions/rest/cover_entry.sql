-- _patchmail.cover_entry(cover_id, base_url): a cover letter as it stands in a list: its document without headers and
-- text.
-- Gives    every key in its order; NULL if there is no such cover letter.
CREATE OR REPLACE FUNCTION _patchmail.cover_entry(cover_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', x.id,
                       'url', format('%s/api/covers/%s/', base_url, x.id),
                       'web_url', page.url,
                       'project', _patchmail.project_part(p.id, base_url),
                       'msgid', x.msgid,
                       'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, x.msgid),
                       'date', _patchmail.json_date(x.date),
                       'name', x.name,
                       'submitter', _patchmail.person_part(x.submitter_id, base_url, x.project_id),
                       'mbox', page.url || 'mbox/',
                       'series', (SELECT coalesce(json_agg(_patchmail.series_part(s.id, base_url)), '[]')
                                    FROM public.patchwork_series s WHERE s.cover_letter_id = x.id),
                       'comments', format('%s/api/covers/%s/comments/', base_url, x.id))
              FROM public.patchwork_cover x
              JOIN public.patchwork_project p ON p.id = x.project_id
              CROSS JOIN LATERAL (SELECT _patchmail.mail_url(base_url, p.linkname, 'cover', x.msgid)) page (url)
             WHERE x.id = $1);
END
$$;
