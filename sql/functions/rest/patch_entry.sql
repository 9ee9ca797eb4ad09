-- _patchmail.patch_entry(patch_id, base_url): a patch as it stands in a list: its document without headers and texts.
-- Gives    every key in its order, as nobody logged in sees it; NULL if there is no such patch.
--          tags is always empty there, as in Patchwork: the counts are in public.patchwork_patchtag.
-- Speed    This and what it calls are PL/pgSQL, which plans a statement once a session: a function of plain SQL that
--          another one calls is planned at each call, and that takes longer than to run it.
CREATE OR REPLACE FUNCTION _patchmail.patch_entry(patch_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', x.id,
                       'url', format('%s/api/patches/%s/', base_url, x.id),
                       'web_url', page.url,
                       'project', _patchmail.project_part(p.id, base_url),
                       'msgid', x.msgid,
                       'list_archive_url', _patchmail.list_archive_url(p.list_archive_url_format, x.msgid),
                       'date', _patchmail.json_date(x.date),
                       'name', x.name,
                       'commit_ref', x.commit_ref,
                       'pull_url', x.pull_url,
                       'state', t.slug,
                       'archived', x.archived,
                       'hash', x.hash,
                       'submitter', _patchmail.person_part(x.submitter_id, base_url, x.project_id),
                       'delegate', _patchmail.user_part(x.delegate_id, base_url, x.project_id),
                       'mbox', page.url || 'mbox/',
                       'series', CASE WHEN x.series_id IS NULL THEN '[]'::json
                           ELSE json_build_array(_patchmail.series_part(x.series_id, base_url)) END,
                       'comments', format('%s/api/patches/%s/comments/', base_url, x.id),
                       'check', _patchmail.combined_check(x.id),
                       'checks', format('%s/api/patches/%s/checks/', base_url, x.id),
                       'tags', '{}'::json,
                       'related', _patchmail.related_json(x.id, base_url))
              FROM public.patchwork_patch x
              JOIN public.patchwork_project p ON p.id = x.project_id
              LEFT JOIN public.patchwork_state t ON t.id = x.state_id
              CROSS JOIN LATERAL (SELECT _patchmail.mail_url(base_url, p.linkname, 'patch', x.msgid)) page (url)
             WHERE x.id = $1);
END
$$;
