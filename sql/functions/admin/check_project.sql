-- _patchmail.check_project(project): refuses what Patchwork's administration would refuse of a project.
-- Takes    the columns of public.patchwork_project as an object, without an id if it is a new one.
-- Gives    nothing; the first thing that is wrong is an error in words.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_project(project jsonb)
RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    here  CONSTANT integer := (project->>'id')::integer;
BEGIN
    SELECT format('%s must not be NULL', p.key) INTO wrong
      FROM jsonb_each(project) p WHERE p.value = 'null' ORDER BY p.key LIMIT 1;
    IF wrong IS NULL THEN
        SELECT format('%s is longer than %s characters', l.key, l.longest) INTO wrong
          FROM (VALUES ('linkname', 255), ('name', 255), ('listid', 255), ('listemail', 200), ('subject_match', 64),
                       ('web_url', 2000), ('scm_url', 2000), ('webscm_url', 2000), ('list_archive_url', 2000),
                       ('list_archive_url_format', 2000), ('commit_url_format', 2000)) l (key, longest)
         WHERE length(project->>l.key) > l.longest ORDER BY l.key LIMIT 1;
    END IF;
    wrong := coalesce(wrong, CASE
        WHEN project->>'linkname' !~ '^[-\w]+$' THEN
            format('linkname "%s" is not a slug: letters, digits, - and _', project->>'linkname')
        WHEN project->>'name' !~ '\S' THEN 'name is empty'
        WHEN project->>'listid' !~ '^[^\s<>]+$' THEN
            format('listid "%s" is not what stands between < and > of List-Id', project->>'listid')
        WHEN project->>'listemail' !~ '^[^\s@]+@[^\s@]+$' THEN
            format('listemail "%s" is not an address', project->>'listemail')
        WHEN EXISTS (SELECT FROM public.patchwork_project p
                      WHERE p.linkname = project->>'linkname' AND p.id IS DISTINCT FROM here) THEN
            format('there is a project with linkname "%s" already', project->>'linkname')
        WHEN EXISTS (SELECT FROM public.patchwork_project p
                      WHERE p.name = project->>'name' AND p.id IS DISTINCT FROM here) THEN
            format('there is a project with name "%s" already', project->>'name')
        WHEN EXISTS (SELECT FROM public.patchwork_project p
                      WHERE p.listid = project->>'listid' AND p.subject_match = project->>'subject_match'
                        AND p.id IS DISTINCT FROM here) THEN
            format('there is a project with listid "%s" and subject_match "%s" already',
                   project->>'listid', project->>'subject_match')
    END);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;

    PERFORM '' ~ ('(?iw)' || (project->>'subject_match'));
EXCEPTION WHEN invalid_regular_expression THEN
    RAISE EXCEPTION 'subject_match "%" is not a regular expression: %', project->>'subject_match', SQLERRM
        USING ERRCODE = 'check_violation';
END
$$;
