-- _patchmail.comment_part(kind, comment_id, base_url): a comment as it stands in the REST documents of events.
-- Takes    kind: "patch" or "cover", whose comments have ids of their own.
CREATE OR REPLACE FUNCTION _patchmail.comment_part(kind text, comment_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', c.id,
                       'url', format('%s/api/%s/%s/comments/%s/', base_url,
                                     CASE kind WHEN 'patch' THEN 'patches' ELSE 'covers' END, c.parent_id, c.id),
                       'web_url', format('%s/comment/%s/', base_url, c.id),
                       'msgid', c.msgid,
                       'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, c.msgid),
                       'date', _patchmail.json_date(c.date))
              FROM (SELECT k.id, k.msgid, k.date, x.id AS parent_id, x.project_id
                      FROM public.patchwork_patchcomment k JOIN public.patchwork_patch x ON x.id = k.patch_id
                     WHERE kind = 'patch' AND k.id = comment_id
                    UNION ALL
                    SELECT k.id, k.msgid, k.date, x.id, x.project_id
                      FROM public.patchwork_covercomment k JOIN public.patchwork_cover x ON x.id = k.cover_id
                     WHERE kind = 'cover' AND k.id = comment_id) c
              JOIN public.patchwork_project p ON p.id = c.project_id);
END
$$;
