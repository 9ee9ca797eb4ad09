-- patchmail.patch_json() and what it is made of.
\ir preamble.psql
SELECT plan(62);

-- Header blocks
SELECT results_eq($$SELECT place, name, value FROM _patchmail.header_fields(
                  E'From: Ada <ada@example.org>\nTo:\tbob@example.org,\n eve@example.org\n'
                   'X-Empty:\nX-Fold: \n late\n')$$,
                  $$VALUES (1::bigint, 'From', 'Ada <ada@example.org>'), (2, 'To',
                  E'bob@example.org,\n eve@example.org'),
                           (3, 'X-Empty', ''), (4, 'X-Fold', E'\n late')$$, 'fields, folded as they came');
SELECT is_empty($$SELECT _patchmail.header_fields('')$$, 'no fields in nothing');
SELECT is_empty($$SELECT _patchmail.header_fields(NULL)$$, 'no fields in NULL');
SELECT is((SELECT array_agg(name) FROM _patchmail.header_fields(E'A: 1\n\nB: 2\n')), '{A}',
          'an empty line ends the block');
SELECT is((SELECT array_agg(name) FROM _patchmail.header_fields(E'A: 1\nno field\nB: 2\n')), '{A}',
          'a line of text ends the block');
SELECT is((SELECT array_agg(name) FROM _patchmail.header_fields(E'From mbox line\n lost\nA: 1\n')), '{A}',
          'what stands before the first field is left out');
SELECT is((SELECT array_agg(name || '=' || value) FROM _patchmail.header_fields('Date:: x: y')), '{"Date=: x: y"}',
          'the first colon ends the name');
SELECT is((SELECT array_agg(name || '=' || value) FROM _patchmail.header_fields(E'A: b \r\nC: d')), E'{"A=b ",C=d}',
          'a CR at the end goes, a blank stays');

SELECT is(_patchmail.headers_json(E'B: 1\nA: 2\nB: 3\n')::text, '{ "B" : ["1", "3"], "A" : "2" }',
          'order of first appearance, a list for what repeats');
SELECT is(_patchmail.headers_json(E'Received: 1\nX: 2\nreceived: 3\n')::text,
          '{ "Received" : ["1", "3"], "X" : "2", "received" : ["1", "3"] }', 'each spelling has the values of all');
SELECT is(_patchmail.headers_json(E'A: a\n\tb "q" \\\n')::text, '{ "A" : "a\n\tb \"q\" \\" }',
          'escaped as JSON wants it');
SELECT is(_patchmail.headers_json('')::text, '{}', 'no headers, an empty object');
SELECT is(_patchmail.headers_json(NULL)::text, '{}', 'NULL headers are an empty object');

-- Prefixes
SELECT is(_patchmail.name_prefixes(name)::text, expected, 'prefixes of ' || name) FROM (VALUES
    ('[v6,07/11] vfio: Document it', '["v6", "07/11"]'), ('plain', '[]'), ('', '[]'), ('[] empty', '[]'),
    ('[RFC,PATCH,v2] x', '["RFC", "v2"]'), ('[1 of 2] x', '["1", "of", "2"]'), ('[a] [b,c] d [e]', '["a", "b", "c"]'),
    ('x [v2] y', '[]'), ('[open', '[]'), ('["q"] x', '["\"q\""]')) n (name, expected);

-- Addresses
SELECT is(_patchmail.url_quote('a-b_c.d~1@x:/+=$'), 'a-b_c.d~1@x:/+=$', 'what a path may hold stays');
SELECT is(_patchmail.url_quote('a%2F b#?"<>[]\ü€' || chr(10)),
          'a%252F%20b%23%3F%22%3C%3E%5B%5D%5C%C3%BC%E2%82%AC%0A',
          'the rest is escaped by octets');
SELECT is(_patchmail.url_quote(''), '', 'nothing stays nothing');
SELECT is(_patchmail.mail_url('http://h', 'demo', 'patch', '<1@example.org>'),
          'http://h/project/demo/patch/1@example.org/',
          'the page of a patch');
SELECT is(_patchmail.mail_url('http://h', 'demo', 'patch', '<a/b@example.org>'),
          'http://h/project/demo/patch/a%252Fb@example.org/', 'a slash is escaped twice');
SELECT is(_patchmail.mail_url('http://h', 'demo', 'cover', '<1@example.org>'),
          'http://h/project/demo/cover/1@example.org/', 'the page of a cover letter');
SELECT is(_patchmail.list_archive_url('https://a/{}/raw', '<a/b@example.org>'), 'https://a/a/b@example.org/raw',
          'the archive gets the Message-ID as it is');
SELECT is(_patchmail.list_archive_url('', '<a@example.org>'), NULL, 'no format, no address');
SET LOCAL timezone = 'Asia/Tokyo';
SELECT is(_patchmail.json_date('2026-02-10 06:59:47+01'), '2026-02-10T05:59:47',
          'dates in UTC, whatever the session has');
SELECT is(_patchmail.json_date('2026-02-10 06:59:47.9+01'), '2026-02-10T05:59:47.900000',
          'microseconds are there if there are any');
SELECT is(_patchmail.json_join('{"a": 1}', '{"b": [2], "a": {}}')::text, '{"a": 1, "b": [2], "a": {}}',
          'the keys of two objects in one');
SELECT is(_patchmail.json_join('{"a": 1}', '{}')::text, '{"a": 1}', 'no keys to add');
SET LOCAL timezone = 'UTC';

-- A patch
INSERT INTO public.auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES (1001, '', false, 'main', 'Main', 'Tainer', 'main@example.org', false, true, '2026-01-01Z'),
       (1002, '', false, 'ci', '', '', 'ci@example.org', false, true, '2026-01-01Z');
SELECT make_project() AS project \gset
UPDATE public.patchwork_project SET id = 1001, list_archive_url_format = 'https://archive.example.org/{}'
 WHERE linkname = 'demo';
INSERT INTO public.patchwork_person (id, email, name) VALUES (1001, 'ada@example.org', 'Ada Äuthor'),
                                                             (1002, 'nameless@example.org', NULL);
INSERT INTO public.patchwork_series (id, name, date, version, total, project_id, submitter_id)
VALUES (1001, 'file: change it', '2026-02-01 12:00Z', 2, 3, 1001, 1001);
INSERT INTO public.patchwork_patchrelation (id) VALUES (1001);
INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
                                    commit_ref, delegate_id, diff, hash, number, pull_url, related_id, series_id,
                                    state_id)
VALUES (1001, '<1@example.org>', '2026-02-01 12:00:01.5Z', E'From: Ada\nX: 1\nX: 2\n', E'It was\nwrong.',
        '[v2,1/3] file: change it', 1001, 1001, false, NULL, 1001, E'--- a/f\n+++ b/f\n',
        '257ae20f4e17c6a0d7cf5c7c2f06390547823b05', 1, NULL, 1001, 1001, 1),
       (1002, '<2@example.org>', '2026-02-01 12:00:03Z', '', '', 'two', 1001, 1002, true, 'c0ffee', NULL, NULL, NULL,
        NULL, 'https://example.org/r.git tag', 1001, NULL, 7),
       (1003, '<3@example.org>', '2026-02-01 12:00:02Z', '', NULL, 'three', 1001, 1001, false, NULL, NULL, NULL, NULL,
        NULL, NULL, 1001, NULL, NULL);
INSERT INTO public.patchwork_patchtag (count, tag_id, patch_id) VALUES (2, 1, 1001);

SELECT is((SELECT array_agg(k ORDER BY n) FROM json_object_keys(patchmail.patch_json(1001, 'http://h'))
                                               WITH ORDINALITY o (k, n)),
          '{id,url,web_url,project,msgid,list_archive_url,date,name,commit_ref,pull_url,state,archived,hash,submitter,
            delegate,mbox,series,comments,check,checks,tags,related,headers,content,diff,prefixes}',
          'every key in its order');
SELECT is(patchmail.patch_json(1001, 'http://h/')::jsonb - 'project' - 'series' - 'related', '{
    "id": 1001, "url": "http://h/api/patches/1001/", "web_url": "http://h/project/demo/patch/1@example.org/",
    "msgid": "<1@example.org>", "list_archive_url": "https://archive.example.org/1@example.org",
    "date": "2026-02-01T12:00:01.500000", "name": "[v2,1/3] file: change it", "commit_ref": null, "pull_url": null,
    "state": "new", "archived": false, "hash": "257ae20f4e17c6a0d7cf5c7c2f06390547823b05",
    "submitter": {"id": 1001, "url": "http://h/api/people/1001/", "name": "Ada Äuthor", "email": "ada@example.org"},
    "delegate": {"id": 1001, "url": "http://h/api/users/1001/", "username": "main", "first_name": "Main",
                 "last_name": "Tainer", "email": "main@example.org"},
    "mbox": "http://h/project/demo/patch/1@example.org/mbox/", "comments": "http://h/api/patches/1001/comments/",
    "check": "pending", "checks": "http://h/api/patches/1001/checks/", "tags": {},
    "headers": {"From": "Ada", "X": ["1", "2"]}, "content": "It was\nwrong.", "diff": "--- a/f\n+++ b/f\n",
    "prefixes": ["v2", "1/3"]}'::jsonb, 'its own values; a slash after the base is one too many');
SELECT is(regexp_replace((patchmail.patch_json(1001, 'http://h')->'project')::text, ' : ', ': ', 'g'),
          '{"id": 1001, "url": "http://h/api/projects/1001/", "name": "demo", "link_name": "demo", '
          '"list_id": "demo.example.org", "list_email": "demo@example.org", "web_url": "", "scm_url": "", '
          '"webscm_url": "", "list_archive_url": "", "list_archive_url_format": "https://archive.example.org/{}", '
          '"commit_url_format": ""}', 'the project');
SELECT is(regexp_replace((patchmail.patch_json(1001, 'http://h')->'series')::text, ' : ', ': ', 'g'),
          '[{"id": 1001, "url": "http://h/api/series/1001/", "web_url": "http://h/project/demo/list/?series=1001", '
          '"date": "2026-02-01T12:00:00", "name": "file: change it", "version": 2, '
          '"mbox": "http://h/series/1001/mbox/"}]', 'the series');
SELECT is((SELECT array_agg(r->>'id') FROM json_array_elements(patchmail.patch_json(1001, 'http://h')->'related') r),
          '{1003,1002}', 'the related patches by date, without itself');
SELECT is(regexp_replace((patchmail.patch_json(1001, 'http://h')->'related'->0)::text, ' : ', ': ', 'g'),
          '{"id": 1003, "url": "http://h/api/patches/1003/", "web_url": "http://h/project/demo/patch/3@example.org/", '
          '"msgid": "<3@example.org>", "list_archive_url": "https://archive.example.org/3@example.org", '
          '"date": "2026-02-01T12:00:02", "name": "three", '
          '"mbox": "http://h/project/demo/patch/3@example.org/mbox/"}', 'a related patch');
SELECT is(patchmail.patch_json(1002, 'http://h')->>key, value, 'the other patch: ' || key) FROM (VALUES
    ('state', 'changes-requested'), ('archived', 'true'), ('commit_ref', 'c0ffee'), ('series', '[]'),
    ('pull_url', 'https://example.org/r.git tag'), ('headers', '{}'), ('content', ''), ('diff', NULL), ('hash', NULL),
    ('delegate', NULL), ('prefixes', '[]')) v (key, value);
SELECT is(patchmail.patch_json(1002, 'http://h')->'submitter'->>'name', NULL, 'a person without a name');
SELECT ok(patchmail.patch_json(1004, 'http://h') IS NULL, 'no such patch');

-- Checks
CREATE FUNCTION check_of(VARIADIC checks text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    words text[];
BEGIN
    DELETE FROM public.patchwork_check;
    FOR n IN 1 .. cardinality(checks) LOOP
        words := string_to_array(checks[n], ' ');
        INSERT INTO public.patchwork_check (date, state, context, user_id, patch_id)
        VALUES (words[4]::timestamptz, words[3]::smallint, words[2], words[1]::integer, 1001);
    END LOOP;
    RETURN _patchmail.combined_check(1001);
END
$$;
SELECT is(check_of('1001 build 1 2026-01-01'), 'success', 'one that succeeded');
SELECT is(check_of('1001 build 1 2026-01-01', '1001 style 0 2026-01-01'), 'pending', 'one that has not ended');
SELECT is(check_of('1001 build 0 2026-01-01', '1001 style 2 2026-01-01'), 'warning', 'a warning is worse than pending');
SELECT is(check_of('1001 build 3 2026-01-01', '1001 style 2 2026-01-01'), 'fail', 'a failure is worst');
SELECT is(check_of('1001 build 3 2026-01-01', '1001 build 1 2026-01-02'), 'success', 'the latest of a context counts');
SELECT is(check_of('1001 build 1 2026-01-02', '1001 build 3 2026-01-01'), 'success',
          'the latest check counts by its date, not by its id');
SELECT is(check_of('1001 build 3 2026-01-01', '1001 build 1 2026-01-01'), 'success',
          'of two checks with one date the newer row counts');
SELECT is(check_of('1001 build 3 2026-01-01', '1002 build 1 2026-01-02'), 'fail',
          'the checks of each user count for themselves');

SELECT * FROM finish();
ROLLBACK;
