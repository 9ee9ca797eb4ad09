-- _patchmail.project_part(project_id, base_url): a project as it stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.project_part(project_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', p.id,
                       'url', format('%s/api/projects/%s/', base_url, p.id),
                       'name', p.name,
                       'link_name', p.linkname,
                       'list_id', p.listid,
                       'list_email', p.listemail,
                       'web_url', p.web_url,
                       'scm_url', p.scm_url,
                       'webscm_url', p.webscm_url,
                       'list_archive_url', p.list_archive_url,
                       'list_archive_url_format', p.list_archive_url_format,
                       'commit_url_format', p.commit_url_format)
              FROM public.patchwork_project p WHERE p.id = $1);
END
$$;
