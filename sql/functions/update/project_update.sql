-- patchmail.project_update(project, change, actor): changes a project, as Patchwork's REST API does for those who
-- maintain it, and Patchwork's administration for the rest.
-- Takes    the project's linkname; and an object with any of web_url, scm_url, webscm_url, list_archive_url,
--          list_archive_url_format, commit_url_format (the API's), name, linkname, listid, listemail, subject_match,
--          send_notifications, use_tags and show_dependencies (the administration's).  The API's names link_name,
--          list_id and list_email will do, and what the API only reads of its document is passed over.
-- Gives    the row of patchmail.audit; none if it is so already.
-- Rules    Those of _patchmail.check_project.  When use_tags is switched on, the tags of the project's patches are
--          counted anew, since nobody counted them before.  Mail that is there stays in its project; mail that comes
--          goes by the new listid and subject_match.
-- Errors   no_data_found; check_violation, also for show_dependencies if Patchwork is older than it.
-- Touches  public.patchwork_project, _patchtag; patchmail.audit.
-- Locks    the project.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.project_update(project text, change jsonb, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    names   CONSTANT jsonb := '{"link_name": "linkname", "list_id": "listid", "list_email": "listemail"}';
    here    CONSTANT integer := _patchmail.project_id(project);
    former  jsonb;
    columns text;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    change := _patchmail.check_change(change,
        '{"linkname": "string", "name": "string", "listid": "string", "listemail": "string", "link_name": "string",
          "list_id": "string", "list_email": "string", "subject_match": "string", "web_url": "string",
          "scm_url": "string", "webscm_url": "string", "list_archive_url": "string",
          "list_archive_url_format": "string", "commit_url_format": "string", "send_notifications": "boolean",
          "use_tags": "boolean", "show_dependencies": "boolean"}', '{id,url,maintainers}');
    SELECT coalesce(jsonb_object_agg(coalesce(names->>c.key, c.key), c.value), '{}'),
           string_agg(DISTINCT coalesce(names->>c.key, c.key), ', ')
      INTO change, columns FROM jsonb_each(change) c;
    PERFORM _patchmail.lock_projects(ARRAY[here]);
    former := (SELECT to_jsonb(p) FROM public.patchwork_project p WHERE p.id = here FOR UPDATE);
    IF change ? 'show_dependencies' AND NOT former ? 'show_dependencies' THEN
        RAISE EXCEPTION 'this Patchwork is too old for show_dependencies' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM _patchmail.check_project(former || change);
    IF change <> '{}' THEN
        EXECUTE format('UPDATE public.patchwork_project p SET (%s) = (SELECT %1$s FROM jsonb_populate_record(p, $1)) '
                       'WHERE p.id = $2', columns) USING change, here;
    END IF;
    IF NOT (former->>'use_tags')::boolean AND (change->>'use_tags')::boolean THEN
        PERFORM _patchmail.recount_tags(ARRAY(SELECT p.id FROM public.patchwork_patch p WHERE p.project_id = here));
    END IF;
    RETURN QUERY SELECT * FROM _patchmail.note_difference(
        'project_update', actor, here, 'project', here, jsonb_build_object('linkname', project), former,
        former || change);
END
$$;
COMMENT ON FUNCTION patchmail.project_update IS
    'Changes a project''s addresses, list, subject_match, use_tags and so on, with Patchwork''s rules.';
