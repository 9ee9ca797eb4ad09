-- _patchmail.project_entry(project_id, base_url): the document of a project, which lists have too.
-- Gives    every key in its order; NULL if there is no such project.  A maintainer has the id of his profile, as in
--          Patchwork, which is mostly that of the user.
CREATE OR REPLACE FUNCTION _patchmail.project_entry(project_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT _patchmail.json_join(json_build_object(
                       'id', p.id,
                       'url', format('%s/api/projects/%s/', base_url, p.id),
                       'name', p.name,
                       'link_name', p.linkname,
                       'list_id', p.listid,
                       'list_email', p.listemail,
                       'web_url', p.web_url,
                       'scm_url', p.scm_url,
                       'webscm_url', p.webscm_url,
                       'maintainers', (SELECT coalesce(json_agg(json_build_object(
                                                  'id', f.id,
                                                  'url', format('%s/api/users/%s/', base_url, f.id),
                                                  'username', u.username,
                                                  'first_name', u.first_name,
                                                  'last_name', u.last_name,
                                                  'email', CASE WHEN NOT _patchmail.hides_user(u.id, p.id)
                                                                THEN u.email END) ORDER BY f.id), '[]')
                                         FROM public.patchwork_userprofile_maintainer_projects m
                                         JOIN public.patchwork_userprofile f ON f.id = m.userprofile_id
                                         JOIN public.auth_user u ON u.id = f.user_id
                                        WHERE m.project_id = p.id),
                       'subject_match', p.subject_match,
                       'list_archive_url', p.list_archive_url,
                       'list_archive_url_format', p.list_archive_url_format,
                       'commit_url_format', p.commit_url_format), shown.dependencies)
              FROM public.patchwork_project p
              -- The column is there from Patchwork's migration 0048 on.
              CROSS JOIN LATERAL (SELECT CASE WHEN to_jsonb(p) ? 'show_dependencies' THEN json_build_object(
                                                  'show_dependencies', to_jsonb(p)->'show_dependencies')
                                              ELSE '{}' END) shown (dependencies)
             WHERE p.id = $1);
END
$$;
