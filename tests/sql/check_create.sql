-- patchmail.check_create() and series_check(): results of tests are added as by POST of Patchwork's REST API.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT patchmail.add_user('ci', 'ci@example.org');
SELECT store_all(patch('p2', '2/2', 'c'), patch('p1', '1/2', 'c'), patch('x'), cover('empty', 3));
CREATE FUNCTION checked(id text, change jsonb, actor text DEFAULT 'ci') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg((c.after - 'msgid')::text, '; ') FROM patchmail.check_create((patch_of($1)).id, $2, $3) c;
$$;
-- The checks of a patch, in the order of their dates.
CREATE FUNCTION checks(id text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', c.state, c.context, c.target_url, c.description, u.username), '; '
                               ORDER BY c.date), '')
      FROM public.patchwork_check c JOIN public.auth_user u ON u.id = c.user_id
     WHERE c.patch_id = (patch_of($1)).id;
$$;
SAVEPOINT ready;

SELECT is(checked('p1', '{"state": "success"}'),
          '{"state": "success", "context": "default", "target_url": null, "description": null}', 'a state will do');
SELECT is(checked('p1', '{"state": "fail", "context": "build-arm64", "target_url": "https://ci.example.org/1?a=b#c", '
                        '"description": "It does not build"}'),
          '{"state": "fail", "context": "build-arm64", "target_url": "https://ci.example.org/1?a=b#c", '
          '"description": "It does not build"}', 'all that a check may have');
SELECT is(checks('p1'), '1 default ci; 3 build-arm64 https://ci.example.org/1?a=b#c It does not build ci',
          'they are Patchwork''s rows');
SELECT results_eq($$SELECT e.category::text, e.project_id, e.patch_id, u.username::text, e.date = c.date
                      FROM public.patchwork_event e JOIN public.patchwork_check c ON c.id = e.created_check_id
                      JOIN public.auth_user u ON u.id = e.actor_id ORDER BY e.id$$,
                  format($$VALUES ('check-created', %s, %s, 'ci', true), ('check-created', %1$s, %2$s, 'ci', true)$$,
                         :project, (patch_of('p1')).id), 'each has its event, of the user whose check it is');
SELECT row_eq($$SELECT function, actor, project_id, object, before, after->>'msgid',
                       object_id = (SELECT max(c.id) FROM public.patchwork_check c)
                  FROM patchmail.audit ORDER BY id DESC LIMIT 1$$,
              ROW('check_create'::text, 'ci'::text, :project, 'check'::text, NULL::jsonb, '<p1@example.org>'::text,
                  true), 'the audit has its id, and which patch it is of');
SELECT is(patchmail.patch_json((patch_of('p1')).id, 'h')->>'check', 'fail', 'the patch has the worst of them');
SELECT checked('p1', '{"state": "success", "context": "build-arm64"}');
SELECT is(patchmail.patch_json((patch_of('p1')).id, 'h')->>'check', 'success', 'of a context the newest counts');
SELECT is(checked('p1', state::jsonb) IS NOT NULL, true, state) FROM (VALUES
    ('{"state": "pending"}'), ('{"state": "success"}'), ('{"state": "warning"}'), ('{"state": "fail"}'),
    ('{"state": "fail", "target_url": "", "description": "", "id": 7, "url": "x", "date": "then"}'),
    ('{"state": "fail", "target_url": null, "description": null}')) s (state);
SELECT is((SELECT string_agg(c.state::text, '' ORDER BY c.id) FROM (SELECT c.* FROM public.patchwork_check c
                                                                     ORDER BY c.id DESC LIMIT 6) c), '012333',
          'states have Patchwork''s numbers');
SELECT lives_ok(format($$SELECT checked('x', '{"state": "fail", "target_url": "%s"}')$$, url), url) FROM (VALUES
    ('http://localhost:8000/'), ('https://ci.example.org'), ('HTTPS://CI.EXAMPLE.ORG:443/x'),
    ('https://user:word@ci.example.org/'), ('ftp://192.0.2.1/x'), ('http://[2001:db8::1]:80/'),
    ('https://bücher.example.org/ä'), ('https://ci.example.org?x'), ('https://xn--bcher-kva.example/')) u (url);

-- A series
SELECT is((SELECT string_agg(word(c.after->>'msgid'), ' ' ORDER BY c.id)
             FROM patchmail.series_check((series_of('p1')).id, '{"state": "warning"}', 'ci', true) c), 'p1 p2',
          'a dry run says which patches get one, in the order of the series');
SELECT is(checks('p2'), '', 'a dry run adds none');
SELECT patchmail.series_check((series_of('p1')).id, '{"state": "warning", "context": "style"}', 'ci');
SELECT is(checks('p2') || right(checks('p1'), 10), '2 style ci2 style ci', 'each patch of the series has it');
SELECT is((SELECT count(*) FROM public.patchwork_event e WHERE e.category = 'check-created'
              AND e.created_check_id IN (SELECT c.id FROM public.patchwork_check c WHERE c.context = 'style')),
          2::bigint, 'each of them has its event');

-- What is refused
SELECT (SELECT count(*) FROM public.patchwork_check) || '/' || (SELECT count(*) FROM public.patchwork_event)
       || '/' || (SELECT count(*) FROM patchmail.audit) AS before \gset
SELECT throws_ok(format('SELECT checked(''p1'', %L, %L)', change, actor), code, message, message) FROM (VALUES
    ('{}', 'ci', '23514', 'a check must have a state'),
    ('{"state": ""}', 'ci', '23514', 'a check must have a state'),
    ('{"state": "done"}', 'ci', '23514', 'a check cannot have the state "done", only pending, success, warning, fail'),
    ('{"state": "Success"}', 'ci', '23514',
     'a check cannot have the state "Success", only pending, success, warning, fail'),
    ('{"state": 1}', 'ci', '23514', 'state has to be of type string, and is of type number'),
    ('{"state": null}', 'ci', '23514', 'state may not be null'),
    ('[1]', 'ci', '23514', 'a change is an object with any of the keys context, description, state, target_url'),
    ('{"state": "fail", "colour": 1}', 'ci', '23514',
     'there is no key "colour" to change, only context, description, state, target_url'),
    ('{"state": "fail", "context": "a b"}', 'ci', '23514',
     'context "a b" is not a slug: letters, digits, - and _'),
    ('{"state": "fail", "context": ""}', 'ci', '23514', 'context "" is not a slug: letters, digits, - and _'),
    ('{"state": "fail", "context": null}', 'ci', '23514', 'context may not be null'),
    (format('{"state": "fail", "context": "%s"}', repeat('c', 256)), 'ci', '23514',
     'context is longer than 255 characters'),
    (format('{"state": "fail", "target_url": "https://e.org/%s"}', repeat('u', 200)), 'ci', '23514',
     'target_url is longer than 200 characters'),
    ('{"state": "fail", "target_url": "ci.example.org"}', 'ci', '23514',
     'target_url "ci.example.org" is not an address of the web'),
    ('{"state": "fail", "target_url": "javascript:alert(1)"}', 'ci', '23514',
     'target_url "javascript:alert(1)" is not an address of the web'),
    ('{"state": "fail", "target_url": "https://"}', 'ci', '23514',
     'target_url "https://" is not an address of the web'),
    ('{"state": "fail", "target_url": "https://a b.example.org/"}', 'ci', '23514',
     'target_url "https://a b.example.org/" is not an address of the web'),
    ('{"state": "fail", "target_url": "https://-a.example.org/"}', 'ci', '23514',
     'target_url "https://-a.example.org/" is not an address of the web'),
    ('{"state": "fail", "target_url": "https://example/x"}', 'ci', '23514',
     'target_url "https://example/x" is not an address of the web'),
    ('{"state": "fail", "description": 1}', 'ci', '23514',
     'description has to be of type string or null, and is of type number'),
    ('{"state": "fail"}', 'nobody', 'P0002', 'there is no user "nobody"'),
    ('{"state": "fail"}', NULL, '23514', 'a check needs an actor: the name of the user whose check it is'))
  x (change, actor, code, message);
SELECT throws_ok($$SELECT patchmail.check_create(0, '{"state": "fail"}', 'ci')$$, 'P0002', 'there is no patch 0',
                 'no such patch');
SELECT throws_ok($$SELECT patchmail.check_create(NULL, '{"state": "fail"}', 'ci')$$, 'P0002', 'there is no patch NULL',
                 'a patch NULL');
SELECT throws_ok($$SELECT patchmail.series_check(0, '{"state": "fail"}', 'ci')$$, 'P0002', 'there is no series 0',
                 'no such series');
SELECT throws_ok(format($$SELECT patchmail.series_check(%s, '{"state": "fail"}', 'ci')$$, (series_of('empty')).id),
                 'P0002', format('series %s has no patches', (series_of('empty')).id), 'a series without patches');
SELECT is((SELECT count(*) FROM public.patchwork_check) || '/' || (SELECT count(*) FROM public.patchwork_event)
          || '/' || (SELECT count(*) FROM patchmail.audit), :'before', 'an error adds nothing');

-- In another time zone
ROLLBACK TO ready;
UPDATE public.patchwork_event SET date = date - interval '1 year';
SELECT patchmail.set_time_zone('America/New_York', true);
SELECT checked('p1', '{"state": "fail"}');
SELECT cmp_ok(abs(extract(epoch FROM c.date - now())), '<', 600::numeric,
              'a local clock dates checks by the hour there')
  FROM public.patchwork_check c;
ROLLBACK TO ready;
UPDATE public.patchwork_event SET date = date - interval '1 year';
SELECT patchmail.set_time_zone('America/New_York', false);
SELECT checked('p1', '{"state": "fail"}');
SELECT cmp_ok(c.date, '>', now() + interval '3 hours', 'else they have what Patchwork would write, as events do')
  FROM public.patchwork_check c;

SELECT * FROM finish();
ROLLBACK;
