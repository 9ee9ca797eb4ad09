-- patchmail.patch_json(patch_id, base_url): the document that Patchwork's REST API gives of a patch.
-- Takes    the patch; the address of the site, "https://patchwork.example.org", with or without a slash at the end.
-- Gives    every key of the document in its order, as nobody logged in sees it; NULL if there is no such patch.
--          tags is always empty there, as in Patchwork: the counts are in public.patchwork_patchtag.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.patch_json(patch_id integer, base_url text)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT json_build_object(
               'id', x.id,
               'url', format('%s/api/patches/%s/', base.url, x.id),
               'web_url', page.url,
               'project', patchmail.project_json(p.id, base.url),
               'msgid', x.msgid,
               'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, x.msgid),
               'date', _patchmail.json_date(x.date),
               'name', x.name,
               'commit_ref', x.commit_ref,
               'pull_url', x.pull_url,
               'state', t.slug,
               'archived', x.archived,
               'hash', x.hash,
               'submitter', json_build_object(
                   'id', s.id,
                   'url', format('%s/api/people/%s/', base.url, s.id),
                   'name', s.name,
                   'email', s.email),
               'delegate', CASE WHEN u.id IS NOT NULL THEN json_build_object(
                   'id', u.id,
                   'url', format('%s/api/users/%s/', base.url, u.id),
                   'username', u.username,
                   'first_name', u.first_name,
                   'last_name', u.last_name,
                   'email', u.email) END,
               'mbox', page.url || 'mbox/',
               'series', CASE WHEN x.series_id IS NULL THEN '[]'::json
                   ELSE json_build_array(patchmail.series_json(x.series_id, base.url)) END,
               'comments', format('%s/api/patches/%s/comments/', base.url, x.id),
               'check', _patchmail.combined_check(x.id),
               'checks', format('%s/api/patches/%s/checks/', base.url, x.id),
               'tags', '{}'::json,
               'related', _patchmail.related_json(x.id, base.url),
               'headers', _patchmail.headers_json(x.headers),
               'content', x.content,
               'diff', x.diff,
               'prefixes', _patchmail.name_prefixes(x.name))
      FROM public.patchwork_patch x
      JOIN public.patchwork_project p ON p.id = x.project_id
      JOIN public.patchwork_person s ON s.id = x.submitter_id
      LEFT JOIN public.patchwork_state t ON t.id = x.state_id
      LEFT JOIN public.auth_user u ON u.id = x.delegate_id
      CROSS JOIN LATERAL (SELECT rtrim(base_url, '/')) base (url)
      CROSS JOIN LATERAL (SELECT _patchmail.patch_url(base.url, p.linkname, x.msgid)) page (url)
     WHERE x.id = $1;
$$;
COMMENT ON FUNCTION patchmail.patch_json IS
    'The document that Patchwork''s REST API gives of a patch.';
