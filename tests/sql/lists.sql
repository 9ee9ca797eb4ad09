-- The lists of Patchwork's REST API: filters, orders, pages, and what is said to a wrong value.
\ir preamble.psql
SELECT no_plan();

-- What a filter may be written as
SELECT is(_patchmail.read_filter(filter), expected::jsonb, coalesce(filter, 'NULL')) FROM (VALUES
    (NULL, '{}'), ('', '{}'), ('project=demo', '{"project": ["demo"]}'),
    ('project=demo&per_page=10&order=-id', '{"project": ["demo"], "per_page": ["10"], "order": ["-id"]}'),
    ('state=new&state=accepted', '{"state": ["new", "accepted"]}'),
    ('?q=a+b', '{"q": ["a b"]}'), ('/api/patches/?q=a%20b%2B', '{"q": ["a b+"]}'),
    ('https://example.org/api/patches/?q=1?2', '{"q": ["1?2"]}'), ('/api/patches/', '{}'),
    ('q=gr%C3%B6%C3%9Fer', '{"q": ["größer"]}'), ('q=größer', '{"q": ["größer"]}'),
    ('q=50%25%', '{"q": ["50%%"]}'),
    ('q=a=b', '{"q": ["a=b"]}'), ('q=', '{"q": [""]}'), ('q', '{}'), ('&&', '{}'),
    ('{}', '{}'), ('{"project": "demo", "archived": true, "page": 2}',
                   '{"project": ["demo"], "archived": ["true"], "page": ["2"]}'),
    (' {"state": ["new", 7], "q": null}', '{"state": ["new", "7"]}')) f (filter, expected);
SELECT throws_ok($$SELECT _patchmail.read_filter('{"project": ')$$, '22P02', NULL, 'an object that does not end');
SELECT throws_ok($$SELECT _patchmail.read_filter('q=%FF')$$, '22021', NULL, 'octets that are no text');

-- A database: patch 1000 + n is of project 1 + n % 2, and so on.
INSERT INTO public.auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES (1001, '', false, 'Ada', 'Ada', 'Lang', 'ada@example.org', false, true, '2026-01-01Z'),
       (1002, '', false, 'ci', '', '', 'ci@example.org', false, true, '2026-01-01Z'),
       (1003, '', false, '1001', '', '', 'number@example.org', false, true, '2026-01-01Z');
SELECT make_project() AS one, make_project('second', 'second.example.org') AS two \gset
UPDATE public.patchwork_project SET id = 1001 WHERE id = :one;
UPDATE public.patchwork_project SET id = 1002 WHERE id = :two;
INSERT INTO public.patchwork_person (id, email, name)
VALUES (1001, 'Bob@example.org', 'Bob'), (1002, 'eve@example.com', NULL), (1003, 'bob@example.org', 'Bobby');
INSERT INTO public.patchwork_cover (id, msgid, date, headers, name, project_id, submitter_id)
VALUES (1001, '<c1@example.org>', '2026-02-01 12:00Z', '', 'first', 1001, 1001),
       (1002, '<c2@example.org>', '2026-02-02 12:00Z', '', 'second', 1002, 1002);
INSERT INTO public.patchwork_series (id, name, date, version, total, project_id, submitter_id, cover_letter_id)
VALUES (1001, 'b series', '2026-02-01 12:00Z', 1, 6, 1001, 1001, 1001),
       (1002, 'a series', '2026-02-02 12:00Z', 1, 6, 1002, 1002, 1002);
INSERT INTO public.patchwork_patch (id, msgid, date, headers, name, project_id, submitter_id, archived, delegate_id,
    hash,
                                    number, series_id, state_id)
SELECT 1000 + n, format('<p%s@example.org>', n), timestamptz '2026-02-01 12:00Z' + n * interval '1 hour', '',
       (ARRAY['Fix 100%', 'fix a_b', 'Add \n', 'zebra', 'Fix it: add, more', 'one'])[1 + n % 6], 1001 + n % 2,
       1001 + n % 2, n % 4 = 0, CASE WHEN n % 3 = 0 THEN 1001 END, CASE n WHEN 3 THEN repeat('ab', 20) END, n,
       CASE WHEN n <= 6 THEN 1001 WHEN n <= 12 THEN 1002 END, 1 + n % 3
  FROM generate_series(1, 40) n;
INSERT INTO public.patchwork_patchcomment (id, msgid, date, headers, content, patch_id, submitter_id)
SELECT 1000 + n, format('<r%s@example.org>', n), timestamptz '2026-02-03 12:00Z' - n * interval '1 minute', '',
    '', 1001,
       1001 + n % 2 FROM generate_series(1, 3) n;
INSERT INTO public.patchwork_covercomment (id, msgid, date, headers, content, cover_id, submitter_id)
VALUES (1001, '<r4@example.org>', '2026-02-03Z', '', '', 1001, 1001);
INSERT INTO public.patchwork_check (id, date, state, context, user_id, patch_id)
VALUES (1001, '2026-02-03 12:00Z', 1, 'build', 1002, 1001), (1002, '2026-02-03 13:00Z', 3, 'style', 1001, 1001),
       (1003, '2026-02-03 13:00Z', 3, 'build', 1002, 1002);
DELETE FROM public.patchwork_event;
INSERT INTO public.patchwork_event (id, category, date, project_id, patch_id, series_id, cover_id, actor_id,
                                    created_check_id)
VALUES (1001, 'patch-created', '2026-02-03 12:00:00.5Z', 1001, 1001, NULL, NULL, NULL, NULL),
       (1002, 'series-created', '2026-02-03 12:00:00.25Z', 1001, NULL, 1001, NULL, 1001, NULL),
       (1003, 'cover-created', '2026-02-03 13:00Z', 1002, NULL, NULL, 1002, NULL, NULL),
       (1004, 'check-created', '2026-02-03 13:00Z', 1001, 1001, NULL, NULL, 1002, 1001);
INSERT INTO public.patchwork_bundle (id, name, public, owner_id, project_id)
VALUES (1001, 'mine', true, 1001, 1001), (1002, 'secret', false, 1001, 1001), (1003, 'also', true, 1002, 1002);

-- The ids of a list, in their order; what is wrong.
CREATE FUNCTION ids(list json) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg((d->>'id')::integer - 1000 || '', ' ' ORDER BY n), '')
      FROM json_array_elements(list) WITH ORDINALITY l (d, n);
$$;
CREATE FUNCTION patches(filter text, strict boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN ids(patchmail.patch_list(filter, '', strict));
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN SQLERRM;
END
$$;
SELECT is(patches(''), (SELECT string_agg(n::text, ' ') FROM generate_series(1, 30) n),
          'thirty on a page, by their ids');
SELECT is(patches(filter || '&per_page=5'), expected, filter) FROM (VALUES
    ('project=demo', '2 4 6 8 10'), ('project=DEMO', '2 4 6 8 10'), ('project=1002', '1 3 5 7 9'),
    ('project=demo&project=second', '1 2 3 4 5'), ('series=1002', '7 8 9 10 11'),
    ('series=1001&series=1002&order=-id', '12 11 10 9 8'), ('submitter=1001', '2 4 6 8 10'),
    ('submitter=EVE@example.com', '1 3 5 7 9'), ('submitter=eve%40example.com', '1 3 5 7 9'),
    ('delegate=ada', '3 6 9 12 15'), ('delegate=1001', '3 6 9 12 15'), ('state=new', '3 6 9 12 15'),
    ('state=under-review&state=1', '1 3 4 6 7'),
    ('state=Under Review', '1 4 7 10 13'), ('archived=true', '4 8 12 16 20'), ('archived=False', '1 2 3 5 6'),
    ('hash=' || upper(repeat('ab', 20)), '3'), ('hash=ab', ''), ('msgid=p7@example.org', '7'),
    ('msgid=<p7@example.org>', '7'), ('msgid=p', ''), ('before=2026-02-01T15:00:00', '1 2'),
    ('since=2026-02-01T15:00:00&before=2026-02-01 16:00:00.5', '3 4'),
    ('since=2026-02-01T16:00:00%2B01:00', '3 4 5 6 7'),
    ('since=2026-02-03T03:00Z', '39 40'), ('q=FIX', '1 4 6 7 10'), ('q=fix add', '4 10 16 22 28'),
    ('q=fix,add', '4 10 16 22 28'), ('q=100%25', '6 12 18 24 30'), ('q=a_b', '1 7 13 19 25'),
    ('q=%25', '6 12 18 24 30'),
    ('q=\', '2 8 14 20 26'), ('q=''', ''), ('q=', '1 2 3 4 5'), ('before=', '1 2 3 4 5'), ('archived=', '1 2 3 4 5'),
    ('colour=red', '1 2 3 4 5'), ('username=ada', '1 2 3 4 5'), ('project=demo&q=zebra&archived=true', ''),
    ('project=second&delegate=ada&state=new&page=2', '33 39')) f (filter, expected);
SELECT is(patches(filter || '&per_page=4'), expected, filter) FROM (VALUES
    ('order=-id', '40 39 38 37'), ('order=date', '1 2 3 4'), ('order=-date', '40 39 38 37'),
    ('order=name,-id', '38 32 26 20'), ('order=-name', '39 33 27 21'), ('order=archived,id', '1 2 3 5'),
    ('order=-archived', '40 36 32 28'), ('order=state', '3 6 9 12'), ('order=submitter,-date', '40 38 36 34'),
    ('order=project', '2 4 6 8'), ('order=-project,id', '1 3 5 7'),
    ('order= -id , name', '40 39 38 37')) f (filter, expected);
SELECT is(patches(filter), expected, filter) FROM (VALUES
    ('per_page=7&page=6', '36 37 38 39 40'), ('per_page=7&page=last', '36 37 38 39 40'),
    ('page=2', '31 32 33 34 35 36 37 38 39 40'),
    ('q=nothing&page=1', ''), ('q=nothing&page=last', ''), ('per_page=2&per_page=3', '1 2 3'),
    ('{"per_page": 2, "page": 2}', '3 4')) f (filter, expected);
SELECT is(json_array_length(patchmail.patch_list('per_page=1000')), 40, 'a page of more than there are');
INSERT INTO public.patchwork_person (id, email) SELECT 2000 + n, n || '@example.net' FROM generate_series(1, 300) n;
SELECT is(json_array_length(patchmail.person_list('per_page=1000')), 250, 'no page has more than 250');

-- Wrong values
SELECT is(patches(filter), expected, 'wrong: ' || filter) FROM (VALUES
    ('project=none', 'project: there is no project "none"'), ('project=99', 'project: there is no project "99"'),
    ('project=demo&project=none', 'project: there is no project "none"'),
    ('project=', 'project: there is no project ""'),
    ('submitter=nobody@example.org', 'submitter: there is no person "nobody@example.org"'),
    ('delegate=eve', 'delegate: there is no user "eve"'), ('state=odd', 'state: there is no state "odd"'),
    ('series=abc', 'series has to be a number, not "abc"'), ('series=1.5', 'series has to be a number, not "1.5"'),
    ('series=-1', 'series has to be a number, not "-1"'), ('series=7', 'series: there is no series "7"'),
    ('series=99999999999', 'series has to be a number, not "99999999999"'),
    ('archived=1', 'archived is one of true, false, not "1"'),
    ('since=2026-02-01', 'since has to be a time such as 2026-02-01T12:00:00, not "2026-02-01"'),
    ('before=yesterday', 'before has to be a time such as 2026-02-01T12:00:00, not "yesterday"'),
    ('before=2026-02-30T12:00', 'before has to be a time such as 2026-02-01T12:00:00, not "2026-02-30T12:00"'),
    ('before=2026-02-01T25:00', 'before has to be a time such as 2026-02-01T12:00:00, not "2026-02-01T25:00"'),
    ('order=colour',
    'order is one of archived, date, id, name, project, state, submitter, with - before it to go down, '
                     'not "colour"'),
    ('order=-id,check', 'order is one of archived, date, id, name, project, state, submitter, with - before it to go '
                        'down, not "check"'),
    ('per_page=0', 'per_page has to be a number from 1, not "0"'),
    ('per_page=many', 'per_page has to be a number from 1, not "many"'),
    ('page=3', 'Invalid page: the list ends before page 3'),
    ('q=nothing&page=2', 'Invalid page: the list ends before page 2'),
    ('page=0', 'Invalid page: it has to be a number from 1, or "last", not "0"'),
    ('page=x', 'Invalid page: it has to be a number from 1, or "last", not "x"'),
    ('page=99999999999999999', 'Invalid page: it has to be a number from 1, or "last", not "99999999999999999"'),
    ('page=999999999999999', 'Invalid page: the list ends before page 999999999999999')) f (filter, expected);
SELECT is(patches(filter || '&per_page=3', false), expected, 'as in Patchwork: ' || filter) FROM (VALUES
    ('project=none', ''), ('project=demo&project=none', ''), ('submitter=nobody@example.org', ''), ('series=abc', ''),
    ('series=7', ''), ('since=2026-02-01', ''), ('state=odd&page=9', ''), ('archived=1', '1 2 3'),
    ('order=colour', '1 2 3'),
    ('order=check,-id', '40 39 38'), ('page=99', 'Invalid page: the list ends before page 99')) f (filter, expected);
SELECT is(patches('per_page=many&q=zebra', false), '3 9 15 21 27 33 39', 'as in Patchwork: the length of a page');

-- A value is a value, whatever stands in it.
SELECT is(patches(filter), '', 'no SQL: ' || filter) FROM (VALUES
    ('msgid='') OR true --'), ('hash='' OR ''''='''), ('q='') OR (true'), ('q=%'' OR ''1''=''1'),
    ('{"q": "\u0027"}')) f (filter);
SELECT is(patches(filter), message, 'no SQL: ' || filter) FROM (VALUES
    ('project='' OR true --', 'project: there is no project "'' OR true --"'),
    ('order=id; DROP TABLE x',
    'order is one of archived, date, id, name, project, state, submitter, with - before it to '
                               'go down, not "id; DROP TABLE x"'),
    ('per_page=1;', 'per_page has to be a number from 1, not "1;"')) f (filter, message);

-- The other lists
SELECT is(ids(patchmail.cover_list(filter)), expected, 'cover letters: ' || filter) FROM (VALUES
    ('', '1 2'), ('project=demo', '1'), ('series=1002', '2'), ('submitter=eve@example.com', '2'),
    ('msgid=c1@example.org', '1'),
    ('{"series": []}', '1 2'), ('series=1001&series=1002', '1 2'),
    ('order=-name', '2 1'), ('q=FIRST', '1'), ('since=2026-02-02T00:00:00', '2')) f (filter, expected);
SELECT is(ids(patchmail.series_list(filter)), expected, 'series: ' || filter) FROM (VALUES
    ('', '1 2'), ('order=name', '2 1'), ('project=second', '2'), ('submitter=1001', '1'), ('q=B', '1'),
    ('before=2026-02-02T00:00Z', '1')) f (filter, expected);
SELECT is(ids(patchmail.event_list(filter)), expected, 'events: ' || filter) FROM (VALUES
    ('', '4 3 1 2'), ('order=date', '2 1 3 4'), ('project=demo', '4 1 2'), ('category=patch-created', '1'),
    ('patch=1001', '4 1'), ('series=1001', '2'), ('cover=1002', '3'), ('actor=1001', '2'), ('actor=ci', '4'),
    ('since=2026-02-03T12:00:00.5', '4 3 1')) f (filter, expected);
SELECT throws_ok($$SELECT patchmail.event_list('category=odd')$$, '22023',
                 'category is one of cover-created, patch-created, patch-completed, patch-state-changed, '
                 'patch-delegated, patch-relation-changed, check-created, series-created, series-completed, '
                 'cover-comment-created, patch-comment-created, not "odd"', 'events: an unknown category');
SELECT throws_ok($$SELECT patchmail.event_list('order=-id')$$, '22023',
                 'order is one of date, with - before it to go down, not "-id"', 'events go by their dates alone');
SELECT is(ids(patchmail.event_list('order=-id', '', false)), '4 3 1 2', 'as in Patchwork: events go by their dates');
SELECT is(ids(patchmail.project_list(filter)), expected, 'projects: ' || filter) FROM (VALUES
    ('', '1 2'), ('order=-link_name', '2 1'), ('q=second.example', '2'), ('project=demo', '1 2')) f (filter, expected);
SELECT is(ids(patchmail.person_list(filter || '&per_page=3')), expected, 'people: ' || filter) FROM (VALUES
    ('', '1 2 3'), ('q=bob', '1 3'), ('q=example.com', '2'), ('order=name', '1 3 2')) f (filter, expected);
SELECT is(ids(patchmail.user_list(filter)), expected, 'users: ' || filter) FROM (VALUES
    ('', '1 2 3'), ('q=lang', '1'), ('order=-email', '3 2 1')) f (filter, expected);
SELECT is(ids(patchmail.bundle_list(filter)), expected, 'bundles: ' || filter) FROM (VALUES
    ('', '1 3'), ('owner=ada', '1'), ('owner=1001', '1'), ('project=second', '3'), ('q=MI', '1'),
    ('order=-owner', '3 1'),
    ('public=false', ''), ('public=true', '1 3')) f (filter, expected);
SELECT is(ids(patchmail.check_list(1001, filter)), expected, 'checks: ' || filter) FROM (VALUES
    ('', '1 2'), ('user=ci', '1'), ('state=fail', '2'), ('state=1', '1'), ('context=style', '2'), ('context=STYLE', ''),
    ('order=-id', '2 1'), ('since=2026-02-03T12:30', '2'), ('order=state', '1 2')) f (filter, expected);
SELECT is(ids(patchmail.patch_comment_list(1001, filter)), expected, 'comments of a patch: ' || filter) FROM (VALUES
    ('', '1 2 3'), ('order=date', '3 2 1'), ('order=submitter', '2 1 3'),
    ('per_page=2&page=2', '3')) f (filter, expected);
SELECT is(ids(patchmail.patch_comment_list(1002)), '', 'a patch without comments');
SELECT is(ids(patchmail.cover_comment_list(1001)), '1', 'comments of a cover letter');
SELECT throws_ok('SELECT patchmail.patch_comment_list(99)', 'P0002', 'there is no patch 99', 'comments of no patch');
SELECT throws_ok('SELECT patchmail.cover_comment_list(99)', 'P0002', 'there is no cover letter 99',
                 'comments of no cover letter');
SELECT throws_ok('SELECT patchmail.check_list(NULL)', 'P0002', 'there is no patch NULL', 'checks of NULL');
SELECT is(patchmail.patch_list(NULL, NULL, NULL)::text, patchmail.patch_list()::text, 'NULL is as left out');
SELECT throws_ok($$SELECT patchmail.patch_list('state=odd', NULL, NULL)$$, '22023', NULL,
                 'also that a wrong value is an error');
SELECT is(patchmail.patch_json(1001, NULL)::text, patchmail.patch_json(1001, '')::text, 'the address of no site');

-- A list's document is the whole one without headers and texts; a site's address may end in a slash.
SELECT is((SELECT array_agg(k ORDER BY n)
             FROM json_object_keys(patchmail.patch_json(1001, 'http://h')) WITH ORDINALITY o (k, n)),
          (SELECT array_agg(k ORDER BY n) || '{headers,content,diff,prefixes}'
             FROM json_object_keys(patchmail.patch_list('msgid=p1@example.org', 'http://h')->0)
                  WITH ORDINALITY o (k, n)), 'what a list leaves out of a patch');
SELECT is(patchmail.patch_list('per_page=1', 'http://h/')->0->>'url', 'http://h/api/patches/1001/',
          'the address of the site');
SELECT is(patchmail.patch_list('per_page=1')->0->>'url', '/api/patches/1001/', 'addresses without a site');
SELECT is(patchmail.user_json(1001, 'http://h')::jsonb, '{"id": 1001, "url": "http://h/api/users/1001/",
          "username": "Ada", "first_name": "Ada", "last_name": "Lang", "email": "ada@example.org"}', 'a user');
SELECT is(patchmail.bundle_json(1002)::text, NULL, 'a bundle that is not public');
SELECT is(j::text, NULL, 'no such row') FROM (VALUES (patchmail.cover_json(1)), (patchmail.series_json(1)),
    (patchmail.person_json(1)),
    (patchmail.user_json(1)), (patchmail.project_json(1)), (patchmail.bundle_json(1)), (patchmail.event_json(1)),
    (patchmail.check_json(1)), (patchmail.patch_comment_json(1)), (patchmail.cover_comment_json(1)),
    (patchmail.patch_json(NULL))) n (j);

-- Times as a Patchwork of another zone writes them
SELECT set_eq($$SELECT _patchmail.filter_time('since', '2026-02-01T12:00:00')$$,
              $$VALUES (timestamptz '2026-02-01 12:00Z')$$, 'a time in UTC');
UPDATE patchmail.setting SET time_zone = 'Australia/Canberra';
SELECT _patchmail.make_clock();
SELECT is(_patchmail.filter_time('since', '2026-02-01T12:00:00'), '2026-02-01 12:00 Australia/Canberra'::timestamptz,
          'a time as it stands in the columns');
SELECT is(ids(patchmail.cover_list('before=2026-02-01T23:00:01')), '1', 'a list by the time that its documents have');
SELECT is(ids(patchmail.cover_list('before=2026-02-01T23:00:00')), '', 'and not after it');

-- A Patchwork before its migration 0048
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE public.patchwork_project DROP COLUMN show_dependencies;
DROP TABLE public.patchwork_series_dependencies;
SELECT ok(NOT (patchmail.project_json(1001)::jsonb ? 'show_dependencies'), 'a project that shows no dependencies');
SELECT ok(NOT (patchmail.series_json(1001)::jsonb ? 'dependencies'), 'nor does its series');
SELECT is(ids(patchmail.series_list()), '1 2', 'lists without them');

SELECT * FROM finish();
ROLLBACK;
