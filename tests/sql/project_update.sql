-- patchmail.project_update(): a project is changed by the rules of Patchwork's administration.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT patchmail.add_user('mona', 'mona@example.org');
CREATE FUNCTION updated(change jsonb, project text DEFAULT 'demo') RETURNS text LANGUAGE sql AS $$
    SELECT concat(u.before - 'linkname', ' > ', u.after - 'linkname') FROM patchmail.project_update($2, $1, 'mona') u;
$$;
SELECT is(updated('{"web_url": "https://example.org/", "scm_url": "git://example.org/x"}'),
          '{"scm_url": "", "web_url": ""} > {"scm_url": "git://example.org/x", "web_url": "https://example.org/"}',
          'what those who maintain it may change in the API');
SELECT is(updated('{"web_url": "https://example.org/"}'), NULL, 'what is so already changes nothing');
SELECT is(updated('{}'), NULL, 'no key, no change');
SELECT row_eq($$SELECT function, actor, project_id, object, object_id, before->>'linkname' FROM patchmail.audit
                 ORDER BY id DESC LIMIT 1$$,
              ROW('project_update'::text, 'mona'::text, :project, 'project'::text, :project::bigint, 'demo'::text),
              'the audit has which project it is');
SELECT is(updated(patchmail.project_json(:project, 'h')::jsonb), NULL,
          'the document of a project, given as a change, changes nothing');
SELECT is(updated(format('{"%s": %s}', key, value)::jsonb),
          format('{"%s": %s} > {"%1$s": %3$s}', real_key, former, value), format('%s is changed', key)) FROM (VALUES
    ('webscm_url', '"https://git.example.org/x"', 'webscm_url', '""'),
    ('list_archive_url', '"https://lists.example.org/x"', 'list_archive_url', '""'),
    ('list_archive_url_format', '"https://lists.example.org/x/{}"', 'list_archive_url_format', '""'),
    ('commit_url_format', '"https://git.example.org/x/{}"', 'commit_url_format', '""'),
    ('name', '"The demo"', 'name', '"demo"'),
    ('listemail', '"list@example.org"', 'listemail', '"demo@example.org"'),
    ('list_email', '"demo@example.org"', 'listemail', '"list@example.org"'),
    ('subject_match', '"^demo"', 'subject_match', '""'),
    ('send_notifications', 'true', 'send_notifications', 'false'),
    ('use_tags', 'false', 'use_tags', 'true'),
    ('show_dependencies', 'false', 'show_dependencies', 'true'),
    ('listid', '"new.example.org"', 'listid', '"demo.example.org"'),
    ('list_id', '"demo.example.org"', 'listid', '"new.example.org"')) x (key, value, real_key, former);
SELECT is((SELECT a.before->>'linkname' || '>' || (a.after->>'linkname')
             FROM patchmail.project_update('demo', '{"link_name": "boats"}') a), 'demo>boats', 'its linkname');
SELECT is(updated('{"linkname": "demo"}', 'boats') IS NOT NULL, true, 'and back');

-- Mail that comes goes by what was changed
SELECT updated('{"subject_match": "", "listid": "new.example.org"}');
SELECT is(store_mail(patch('a')), 'ignored', 'mail of the old list is ignored');
SELECT is(store_mail(patch('a', more => '{"list_ids": [{"field": "List-Id", "id": "new.example.org"}]}')), 'stored',
          'mail of the new list is stored');
SELECT updated('{"list_id": "demo.example.org"}');

-- Tags
CREATE FUNCTION tags() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat(word(p.msgid), t.abbrev, k.count), ' ' ORDER BY p.msgid, t.abbrev), '')
      FROM public.patchwork_patchtag k JOIN public.patchwork_patch p ON p.id = k.patch_id
      JOIN public.patchwork_tag t ON t.id = k.tag_id;
$$;
SELECT store_all(patch('t', content => E'x\nAcked-by: A <a@example.org>'),
                 reply('r', 't', content => E'Reviewed-by: B\nReviewed-by: C'), patch('u'),
                 patch('o', content => 'Acked-by: A', more => '{"list_ids": [{"field": "List-Id",
                                                                          "id": "other.example.org"}]}'));
UPDATE public.patchwork_patchtag SET count = 9 WHERE patch_id = (patch_of('o')).id;
SELECT is(tags(), 'oA9', 'no tags are counted while use_tags is off');
SELECT updated('{"use_tags": false, "web_url": ""}');
SELECT is(tags(), 'oA9', 'nor when something else is changed');
SELECT updated('{"use_tags": true}');
SELECT is(tags(), 'oA9 tA1 tR2', 'the project''s tags are counted when use_tags is switched on');
SELECT store_all(reply('s', 'r', content => 'Acked-by: D'));
SELECT is(tags(), 'oA9 tA2 tR2', 'they are counted on from there');
UPDATE public.patchwork_patchtag SET count = 7 WHERE patch_id = (patch_of('t')).id;
SELECT updated('{"use_tags": true, "web_url": "x"}');
SELECT is(tags(), 'oA9 tA7 tR7', 'they are not counted anew when it is on already');

-- What is refused
SELECT patchmail.add_project('more', 'More', 'demo.example.org', 'more@example.org', 'more');
CREATE FUNCTION projects() RETURNS text LANGUAGE sql AS $$
    SELECT concat((SELECT string_agg(p::text, '|' ORDER BY p.id) FROM public.patchwork_project p),
                  (SELECT count(*) FROM patchmail.audit));
$$;
SELECT projects() AS before \gset
SELECT throws_ok(format('SELECT patchmail.project_update(%L, %L, %L)', project, change, actor), code, message, message)
  FROM (VALUES
    ('none', '{}', NULL, 'P0002', 'there is no project "none"'),
    (NULL, '{}', NULL, '22023', 'which project is meant is not given'),
    ('demo', '{}', 'nobody', 'P0002', 'there is no user "nobody"'),
    ('demo', NULL, NULL, '23514',
     'a change is an object with any of the keys commit_url_format, link_name, linkname, list_archive_url, '
     'list_archive_url_format, list_email, list_id, listemail, listid, name, scm_url, send_notifications, '
     'show_dependencies, subject_match, use_tags, web_url, webscm_url'),
    ('demo', '{"web_url": null}', NULL, '23514', 'web_url may not be null'),
    ('demo', '{"use_tags": "no"}', NULL, '23514', 'use_tags has to be of type boolean, and is of type string'),
    ('demo', format('{"web_url": "%s"}', repeat('u', 2001)), NULL, '23514', 'web_url is longer than 2000 characters'),
    ('demo', '{"linkname": "other"}', NULL, '23514', 'there is a project with linkname "other" already'),
    ('demo', '{"name": "other"}', NULL, '23514', 'there is a project with name "other" already'),
    ('demo', '{"subject_match": "more"}', NULL, '23514',
     'there is a project with listid "demo.example.org" and subject_match "more" already'),
    ('demo', '{"listid": "a b"}', NULL, '23514', 'listid "a b" is not what stands between < and > of List-Id'),
    ('demo', '{"listemail": "list"}', NULL, '23514', 'listemail "list" is not an address'),
    ('demo', '{"linkname": "a b"}', NULL, '23514', 'linkname "a b" is not a slug: letters, digits, - and _'),
    ('demo', '{"subject_match": "("}', NULL, '23514',
     'subject_match "(" is not a regular expression: invalid regular expression: parentheses () not balanced'))
  x (project, change, actor, code, message);
SELECT throws_ok($$SELECT patchmail.project_update('demo', '{"colour": 1}')$$, '23514', NULL, 'an unknown key');
SELECT is(projects(), :'before', 'an error changes nothing');

-- A Patchwork that is older than show_dependencies
ALTER TABLE public.patchwork_project DROP COLUMN show_dependencies;
SELECT is(updated('{"web_url": "y"}'), '{"web_url": "x"} > {"web_url": "y"}', 'an older Patchwork');
SELECT throws_ok($$SELECT updated('{"show_dependencies": true}')$$, '23514',
                 'this Patchwork is too old for show_dependencies', 'what it does not have cannot be changed');

SELECT * FROM finish();
ROLLBACK;
