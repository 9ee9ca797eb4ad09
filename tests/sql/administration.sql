-- What Patchwork's administration pages do: patchmail.add_user(), add_maintainer(), remove_maintainer(), person_link(),
-- add_state(), add_tag(), add_delegation_rule() and remove_delegation_rule().
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset

-- Users
SELECT is((SELECT concat_ws(' ', a.function, a.object, a.before, a.after)
             FROM patchmail.add_user('mona', 'mona@example.org', 'Mona', 'Pilot') a),
          'add_user user {"email": "mona@example.org", "username": "mona", "last_name": "Pilot", '
          '"superuser": false, "first_name": "Mona"}', 'a user is made');
SELECT is((SELECT a.object_id FROM patchmail.audit a ORDER BY a.id DESC LIMIT 1),
          (SELECT u.id::bigint FROM public.auth_user u), 'the audit has the id');
SELECT row_eq($$SELECT is_superuser, is_staff, is_active, last_login, password ~ '^!.{40}$', date_joined = now()
                  FROM public.auth_user$$, ROW(false, false, true, NULL::timestamptz, true, true),
              'he cannot log in, and is nobody special');
SELECT results_eq('SELECT send_email, items_per_page, show_ids, user_id = (SELECT id FROM public.auth_user)
                     FROM public.patchwork_userprofile', 'VALUES (false, 100, false, true)',
                  'he has the profile that Patchwork would make');
SELECT patchmail.add_user('root.1@x+y_z-', superuser => true, actor => 'mona');
SELECT results_eq($$SELECT is_superuser, is_staff, email::text FROM public.auth_user WHERE username LIKE 'root%'$$,
                  $$VALUES (true, true, '')$$, 'a superuser, without an address');
SELECT is((SELECT count(DISTINCT password) FROM public.auth_user), 2::bigint, 'no two have the same password field');
SELECT is((SELECT a.after->>'username' FROM patchmail.add_user('ﬁsh') a), 'fish', 'names are folded as Django does');
SELECT throws_ok(format('SELECT patchmail.add_user(%L, %L, actor => %L)', username, email, actor), code, message,
                 message) FROM (VALUES
    ('mona', '', NULL, '23514', 'there is a user "mona" already'),
    ('Mona', '', NULL, '23514', 'there is a user "Mona" already'),
    ('a b', '', NULL, '23514', 'username "a b" is not made of letters, digits and @ . + - _'),
    ('', '', NULL, '23514', 'username "" is not made of letters, digits and @ . + - _'),
    (NULL, '', NULL, '23514', 'username may not be null'),
    (repeat('n', 151), '', NULL, '23514', 'username is longer than 150 characters'),
    ('new', 'new', NULL, '23514', 'email "new" is not an address'),
    ('new', 'a@b@c', NULL, '23514', 'email "a@b@c" is not an address'),
    ('new', NULL, NULL, '23514', 'email may not be null'),
    ('new', '', 'nobody', 'P0002', 'there is no user "nobody"')) x (username, email, actor, code, message);

-- Who maintains a project
CREATE FUNCTION maintainers() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(u.username || ' ' || p.linkname, ' ' ORDER BY u.id), '')
      FROM public.patchwork_userprofile_maintainer_projects m
      JOIN public.patchwork_userprofile f ON f.id = m.userprofile_id JOIN public.auth_user u ON u.id = f.user_id
      JOIN public.patchwork_project p ON p.id = m.project_id;
$$;
SELECT is((SELECT concat_ws(' ', a.function, a.actor, a.object, a.project_id = :project, a.before, a.after)
             FROM patchmail.add_maintainer('demo', 'mona', 'fish') a),
          'add_maintainer fish user t {"project": "demo", "username": "mona"}', 'one maintains a project');
SELECT is_empty($$SELECT patchmail.add_maintainer('demo', 'mona')$$, 'one who does so already is no change');
DELETE FROM public.patchwork_userprofile f USING public.auth_user u WHERE u.id = f.user_id AND u.username = 'fish';
SELECT patchmail.add_maintainer('demo', 'fish');
SELECT is(maintainers(), 'mona demo fish demo', 'one who has no profile gets one');
SELECT is((SELECT concat_ws(' ', a.function, a.before, a.after) FROM patchmail.remove_maintainer('demo', 'mona') a),
          'remove_maintainer {"project": "demo", "username": "mona"}', 'one does not any more');
SELECT is_empty($$SELECT patchmail.remove_maintainer('demo', 'mona')$$, 'one who does not is no change');
SELECT is(maintainers(), 'fish demo', 'the others do');
SELECT throws_ok(format('SELECT patchmail.%s_maintainer(%L, %L, %L)', verb, project, username, actor), 'P0002', message,
                 format('%s_maintainer: %s', verb, message)) FROM (VALUES
    ('none', 'mona', NULL, 'there is no project "none"'), ('demo', 'nobody', NULL, 'there is no user "nobody"'),
    ('demo', NULL, NULL, 'there is no user ""'),
    ('demo', 'mona', 'nobody', 'there is no user "nobody"'))
  x (project, username, actor, message), unnest('{add,remove}'::text[]) v (verb);

-- Whose address a person's is
SELECT store_all(patch('p', who => 'ada'), patch('q', who => 'mo'));
SELECT id AS ada FROM public.patchwork_person WHERE email = 'ada@example.org' \gset
SELECT is((SELECT concat_ws(' ', a.object, a.object_id = :ada, a.before, '>', a.after)
             FROM patchmail.person_link(:ada, 'mona', 'mona') a),
          'person t {"name": "ada", "user": null, "email": "ada@example.org"} > '
          '{"name": "Mona Pilot", "user": "mona", "email": "ada@example.org"}',
          'a person is a user''s, and has the user''s name');
SELECT is_empty(format('SELECT patchmail.person_link(%s, ''mona'')', :ada), 'what is so already changes nothing');
SELECT is((SELECT (a.before - 'email')::text || (a.after - 'email') FROM patchmail.person_link(:ada, 'fish') a),
          '{"name": "Mona Pilot", "user": "mona"}{"name": "fish", "user": "fish"}',
          'another user''s, who has no name but the username');
SELECT is((SELECT (a.after - 'email')::text FROM patchmail.person_link(:ada, NULL) a), '{"user": null}',
          'nobody''s any more: the name stays');
SELECT patchmail.person_link(:ada, 'mona');
SELECT is(store_all(patch('p2', who => 'ada', minute => 100)), '{stored}', 'mail of that address is stored');
SELECT is(store_together(ARRAY[patch('p3', who => 'ada', minute => 101), patch('p4', who => 'mo', minute => 101)]),
          '{stored,stored}', 'also in a batch');
SELECT is((SELECT u.username::text FROM public.patchwork_person p JOIN public.auth_user u ON u.id = p.user_id
            WHERE p.id = (patch_of('p3')).submitter_id), 'mona', 'the person stays the user''s');
SELECT throws_ok(format('SELECT patchmail.person_link(%L, %L, %L)', person, username, actor), 'P0002', message, message)
  FROM (VALUES (0, 'mona', NULL, 'there is no person 0'), (NULL, 'mona', NULL, 'there is no person NULL'),
               (:ada, 'nobody', NULL, 'there is no user "nobody"'),
               (:ada, 'mona', 'nobody', 'there is no user "nobody"')) x (person, username, actor, message);

-- States
SELECT is((SELECT concat_ws(' ', a.function, a.actor, a.object, a.after)
             FROM patchmail.add_state('Needs ACK / Review!', actor => 'mona') a),
          'add_state mona state {"name": "Needs ACK / Review!", "slug": "needs-ack-review", "ordering": 10, '
          '"action_required": true}', 'a state is made, the last one, with the slug of its name');
SELECT is((SELECT a.after::text FROM patchmail.add_state('Done', 20, false, 'finished') a),
          '{"name": "Done", "slug": "finished", "ordering": 20, "action_required": false}', 'with all that it has');
SELECT is((SELECT (a.after - 'msgid')::text FROM patchmail.patch_update((patch_of('p')).id, '{"state": "finished"}') a),
          '{"state": "finished"}', 'patches can have it');
SELECT is(store_mail(patch('h', more => '{"hints": {"state": "done", "delegate": null, "ignore": false,
                                                    "action_required": false}}')), 'stored', 'mail can ask for it');
SELECT is((SELECT s.slug::text FROM public.patchwork_state s WHERE s.id = (patch_of('h')).state_id), 'finished',
          'mail that asks for it has it');
SELECT throws_ok(format('SELECT patchmail.add_state(%L, %L, %L, %L, %L)', name, ordering, required, slug, actor), code,
                 message, message) FROM (VALUES
    ('new', NULL, true, 'other', NULL, '23514', 'there is a state "New" already, with slug new and ordering 0'),
    ('Other', NULL, true, 'new', NULL, '23514', 'there is a state "New" already, with slug new and ordering 0'),
    ('Other', 0, true, NULL, NULL, '23514', 'there is a state "New" already, with slug new and ordering 0'),
    ('', NULL, true, NULL, NULL, '23514', 'the name is empty'),
    ('  ', NULL, true, 'x', NULL, '23514', 'the name is empty'),
    ('!', NULL, true, NULL, NULL, '23514', 'slug "" is not one: letters, digits, - and _'),
    ('Other', NULL, true, 'a b', NULL, '23514', 'slug "a b" is not one: letters, digits, - and _'),
    (NULL, NULL, true, 'x', NULL, '23514', 'name may not be null'),
    ('Other', NULL, NULL, NULL, NULL, '23514', 'action_required may not be null'),
    (repeat('n', 101), NULL, true, 'x', NULL, '23514', 'name is longer than 100 characters'),
    ('Other', NULL, true, NULL, 'nobody', 'P0002', 'there is no user "nobody"'))
  x (name, ordering, required, slug, actor, code, message);

-- Tags
SELECT is((SELECT concat_ws(' ', a.function, a.object, a.after)
             FROM patchmail.add_tag('Fixes', '^Fixes:', 'F', false) a),
          'add_tag tag {"name": "Fixes", "abbrev": "F", "pattern": "^Fixes:", "show_column": false}', 'a tag is made');
SELECT is(store_mail(patch('f', content => E'x\nfixes: 1\nFixes: 2')), 'stored', 'mail that has it comes');
SELECT results_eq($$SELECT t.abbrev::text, k.count FROM public.patchwork_patchtag k
                      JOIN public.patchwork_tag t ON t.id = k.tag_id$$, $$VALUES ('F', 2)$$, 'it is counted');
SELECT throws_ok(format('SELECT patchmail.add_tag(%L, %L, %L, %L, %L)', name, pattern, abbrev, column_shown, actor),
                 code, message, message) FROM (VALUES
    ('fixes', '^x', 'X', true, NULL, '23514', 'there is a tag "Fixes" with abbrev "F" already'),
    ('Other', '^x', 'F', true, NULL, '23514', 'there is a tag "Fixes" with abbrev "F" already'),
    ('Other', '(', 'X', true, NULL, '23514',
     'pattern "(" is not a regular expression: invalid regular expression: parentheses () not balanced'),
    ('Other', 'x*', 'X', true, NULL, '23514', 'pattern "x*" finds itself in an empty text, so everywhere'),
    ('Other', '', 'X', true, NULL, '23514', 'pattern "" finds itself in an empty text, so everywhere'),
    ('', '^x', 'X', true, NULL, '23514', 'name or abbrev is empty'),
    ('Other', '^x', ' ', true, NULL, '23514', 'name or abbrev is empty'),
    (repeat('n', 21), '^x', 'X', true, NULL, '23514', 'name is longer than 20 characters'),
    ('Other', repeat('p', 51), 'X', true, NULL, '23514', 'pattern is longer than 50 characters'),
    ('Other', '^x', 'XYZ', true, NULL, '23514', 'abbrev is longer than 2 characters'),
    ('Other', NULL, 'X', true, NULL, '23514', 'pattern may not be null'),
    ('Other', '^x', 'X', NULL, NULL, '23514', 'show_column may not be null'),
    ('Other', '^x', 'X', true, 'nobody', 'P0002', 'there is no user "nobody"'))
  x (name, pattern, abbrev, column_shown, actor, code, message);

-- Delegation rules
SELECT is((SELECT concat_ws(' ', a.object, a.project_id = :project, a.after)
             FROM patchmail.add_delegation_rule('demo', 'src/*', 'mona', 5, 'fish') a),
          'delegationrule t {"path": "src/*", "priority": 5, "username": "mona"}', 'a rule is made');
SELECT is(store_all(patch('d1')) || store_together(ARRAY[patch('d2')]), '{stored,stored}', 'patches come');
SELECT is((SELECT string_agg(u.username, ' ') FROM public.auth_user u
            WHERE u.id IN ((patch_of('d1')).delegate_id, (patch_of('d2')).delegate_id)), 'mona',
          'they are delegated by it');
SELECT throws_ok(format('SELECT patchmail.add_delegation_rule(%L, %L, %L, %L, %L)', project, path, username, priority,
                        actor), code, message, message) FROM (VALUES
    ('demo', 'src/*', 'fish', 0, NULL, '23514', 'project "demo" has a rule for "src/*" already, for user "mona"'),
    ('none', 'x', 'mona', 0, NULL, 'P0002', 'there is no project "none"'),
    ('demo', 'x', 'nobody', 0, NULL, 'P0002', 'there is no user "nobody"'),
    ('demo', 'x', NULL, 0, NULL, 'P0002', 'there is no user ""'),
    ('demo', '', 'mona', 0, NULL, '23514', 'the path is empty'),
    ('demo', NULL, 'mona', 0, NULL, '23514', 'path may not be null'),
    ('demo', 'x', 'mona', NULL, NULL, '23514', 'priority may not be null'),
    ('demo', repeat('x', 256), 'mona', 0, NULL, '23514', 'path is longer than 255 characters'),
    ('demo', '[z-a]', 'mona', 0, NULL, '23514',
     'path "[z-a]" is not a shell pattern: invalid regular expression: invalid character range'),
    ('demo', 'x', 'mona', 0, 'nobody', 'P0002', 'there is no user "nobody"'))
  x (project, path, username, priority, actor, code, message);
SELECT is((SELECT concat_ws(' ', a.function, a.before, a.after)
             FROM patchmail.remove_delegation_rule('demo', 'src/*') a),
          'remove_delegation_rule {"path": "src/*", "priority": 5, "username": "mona"}', 'it is removed');
SELECT is(store_mail(patch('d3')), 'stored', 'another patch comes');
SELECT is((patch_of('d3')).delegate_id, NULL, 'it is nobody''s');
SELECT isnt((patch_of('d1')).delegate_id, NULL, 'what was delegated stays so');
SELECT throws_ok(format('SELECT patchmail.remove_delegation_rule(%L, %L, %L)', project, path, actor), 'P0002', message,
                 message) FROM (VALUES
    ('demo', 'src/*', NULL, 'project "demo" has no delegation rule for "src/*"'),
    ('demo', NULL, NULL, 'project "demo" has no delegation rule for "NULL"'),
    ('none', 'x', NULL, 'there is no project "none"'), ('demo', 'x', 'nobody', 'there is no user "nobody"'))
  x (project, path, actor, message);
SELECT is(_patchmail.bad_patterns(), NULL, 'no pattern that was let in is bad');

SELECT * FROM finish();
ROLLBACK;
