-- _patchmail.doctor_projects(settings): the projects, and the lists that mail comes by; a part of patchmail.doctor().
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_projects(settings jsonb)
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH project AS (
        SELECT p.linkname::text AS linkname, p.listid::text AS listid FROM public.patchwork_project p
    )
    SELECT 'failure', 'projects', 'there is none, so all mail is ignored',
           'SELECT patchmail.add_project(''LINKNAME'', ''NAME'', ''LIST-ID'', ''ADDRESS'')'
     WHERE NOT EXISTS (SELECT FROM project)
    UNION ALL
    SELECT 'ok', 'projects', format('%s: %s%s', count(*),
               string_agg(format('%s (%s)', n.linkname, n.listid), ', ' ORDER BY n.n) FILTER (WHERE n.n <= 5),
               CASE WHEN count(*) > 5 THEN format(' and %s more', count(*) - 5) ELSE '' END), NULL
      FROM (SELECT p.*, row_number() OVER (ORDER BY p.linkname) AS n FROM project p) n HAVING count(*) > 0
    UNION ALL
    SELECT 'failure', 'projects', format('project %s has the list id "%s", which no mail can have', p.linkname,
                                         p.listid),
           format('look up List-Id in a mail of the list, and write what stands in <>: SELECT '
                  'patchmail.project_update(%L, ''{"list_id": "%s"}'')', p.linkname,
                  replace(btrim(p.listid, '<> '), '@', '.'))
      FROM project p WHERE p.listid ~ '[<>[:space:]]'
    UNION ALL
    SELECT 'failure', 'states', 'there is no state with ordering 0, so no patch can be stored',
           'SELECT patchmail.add_state(''New'', ordering => 0, action_required => true), or load Patchwork''s '
           'default_states'
     WHERE NOT EXISTS (SELECT FROM public.patchwork_state s WHERE s.ordering = 0)
    UNION ALL
    SELECT 'failure', 'patterns', 'a regular expression is not valid, and no mail that meets it is stored: ' || b.words,
           'mend it: SELECT patchmail.project_update(...), or on Patchwork''s page for the tag'
      FROM (SELECT _patchmail.bad_patterns() AS words) b WHERE b.words IS NOT NULL
    UNION ALL
    SELECT 'failure', 'lists', f.words, NULL
      FROM (SELECT DISTINCT patchmail.list_fault(jsonb_build_object('list_id', l.id)) AS words
              FROM jsonb_array_elements_text(settings->'lists') l (id)) f
     WHERE f.words IS NOT NULL
    UNION ALL
    SELECT 'warning', 'lists', format('[list %s] says who is believed about mail of a list that no project has', l.id),
           'mend the id in the configuration, or add the project'
      FROM jsonb_array_elements_text(settings->'trusted_lists') l (id)
     WHERE NOT EXISTS (SELECT FROM project p WHERE p.listid = l.id)
    UNION ALL
    SELECT 'warning', 'lists', format('%s mails of %s lists that no project has were ignored in the last day; the most '
                                      'of "%s"', u.mails, u.lists, u.most),
           format('SELECT * FROM patchmail.unknown_lists; and if it is yours: SELECT '
                  'patchmail.add_project(''LINKNAME'', ''NAME'', %L, ''ADDRESS'')', u.most)
      FROM (SELECT sum(k.mails) AS mails, count(*) AS lists, (array_agg(k.list_id ORDER BY k.mails DESC))[1] AS most
              FROM patchmail.unknown_lists k WHERE k.last_at > now() - interval '1 day') u
     WHERE u.mails > 0;
END
$$;
