-- patchmail.add_project(linkname, name, listid, listemail, ...): makes a project.
-- Takes    what Patchwork's administration asks for, with the same rules; everything after listemail has a default.
--          listid is what stands between < and > of List-Id.  subject_match is a regular expression, empty for the
--          project that takes what no other of its list wants.
-- Gives    the new project's id; an error in words when a value is not allowed or taken already.
-- Touches  public.patchwork_project; patchmail.audit.  show_dependencies is left out if Patchwork is older than it.
CREATE OR REPLACE FUNCTION patchmail.add_project(
    linkname text, name text, listid text, listemail text, subject_match text DEFAULT '',
    web_url text DEFAULT '', scm_url text DEFAULT '', webscm_url text DEFAULT '', list_archive_url text DEFAULT '',
    list_archive_url_format text DEFAULT '', commit_url_format text DEFAULT '',
    send_notifications boolean DEFAULT false, use_tags boolean DEFAULT true, show_dependencies boolean DEFAULT true)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    project jsonb := jsonb_build_object(
        'linkname', linkname, 'name', name, 'listid', listid, 'listemail', listemail, 'subject_match', subject_match,
        'web_url', web_url, 'scm_url', scm_url, 'webscm_url', webscm_url, 'list_archive_url', list_archive_url,
        'list_archive_url_format', list_archive_url_format, 'commit_url_format', commit_url_format,
        'send_notifications', send_notifications, 'use_tags', use_tags, 'show_dependencies', show_dependencies);
    project_id integer;
BEGIN
    PERFORM _patchmail.check_project(project);
    project_id := nextval(pg_get_serial_sequence('public.patchwork_project', 'id'));
    -- Keys without a column are passed over.
    INSERT INTO public.patchwork_project
    SELECT * FROM jsonb_populate_record(NULL::public.patchwork_project,
                                        project || jsonb_build_object('id', project_id));
    PERFORM _patchmail.note_change('add_project', NULL, project_id, 'project', project_id, NULL, project);
    RETURN project_id;
END
$$;
COMMENT ON FUNCTION patchmail.add_project IS
    'Makes a project, with the rules of Patchwork''s administration.  Gives its id.';
