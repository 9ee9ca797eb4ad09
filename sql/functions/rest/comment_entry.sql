-- _patchmail.comment_entry(kind, comment_id, base_url): the document of a comment, which lists have too.
-- Takes    kind: "patch" or "cover", whose comments have ids of their own.
-- Gives    every key in its order; NULL if there is no such comment.
--          subject is the field as it came, neither decoded nor unfolded, as in Patchwork; empty if there is none.
CREATE OR REPLACE FUNCTION _patchmail.comment_entry(kind text, comment_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT _patchmail.json_join(_patchmail.comment_part(kind, c.id, base_url), json_build_object(
                       'subject', coalesce((SELECT f.value FROM _patchmail.header_fields(c.headers) f
                                             WHERE lower(f.name COLLATE "C") = 'subject' ORDER BY f.place LIMIT 1), ''),
                       'submitter', _patchmail.person_part(c.submitter_id, base_url, c.project_id),
                       'content', c.content,
                       'headers', _patchmail.headers_json(
                           _patchmail.shown_headers(c.headers, c.submitter_id, c.project_id)),
                       'addressed', c.addressed))
              FROM (SELECT k.id, k.headers, k.content, k.submitter_id, k.addressed, x.project_id
                      FROM public.patchwork_patchcomment k JOIN public.patchwork_patch x ON x.id = k.patch_id
                     WHERE kind = 'patch' AND k.id = comment_id
                    UNION ALL
                    SELECT k.id, k.headers, k.content, k.submitter_id, k.addressed, x.project_id
                      FROM public.patchwork_covercomment k JOIN public.patchwork_cover x ON x.id = k.cover_id
                     WHERE kind = 'cover' AND k.id = comment_id) c);
END
$$;
