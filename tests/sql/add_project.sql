-- patchmail.add_project() and _patchmail.check_project()
\ir preamble.psql
SELECT plan(37);

SELECT lives_ok($$SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')$$,
                'a project with four values');
SELECT row_eq($$SELECT listid, listemail, subject_match, web_url, scm_url, webscm_url, list_archive_url,
                       list_archive_url_format, commit_url_format, send_notifications, use_tags, show_dependencies
                  FROM public.patchwork_project WHERE linkname = 'demo' AND name = 'Demo'$$,
              ROW('demo.example.org'::varchar, 'demo@example.org'::varchar, ''::varchar, ''::varchar, ''::varchar,
                  ''::varchar, ''::varchar, ''::varchar, ''::varchar, false, true, true), 'the defaults');
SELECT patchmail.add_project('full', 'Full', 'full.example.org', 'full@example.org', '^\[.*foo', 'https://w', 'git://s',
                             'https://s', 'https://a', 'https://a/{}', 'https://c/{}', true, false,
                             false) AS project \gset
SELECT row_eq(format('SELECT linkname, name, listid, listemail, subject_match, web_url, scm_url, webscm_url,
                             list_archive_url, list_archive_url_format, commit_url_format, send_notifications, use_tags,
                             show_dependencies FROM public.patchwork_project WHERE id = %s', :project),
              ROW('full'::varchar, 'Full'::varchar, 'full.example.org'::varchar, 'full@example.org'::varchar,
                  '^\[.*foo'::varchar, 'https://w'::varchar, 'git://s'::varchar, 'https://s'::varchar,
                  'https://a'::varchar, 'https://a/{}'::varchar, 'https://c/{}'::varchar, true, false, false),
              'every value in its place, under the id that is returned');
SELECT is(patchmail.add_project('next', 'Next', 'next.example.org', 'next@example.org') + 1,
          patchmail.add_project('then', 'Then', 'then.example.org', 'then@example.org'), 'ids come from the sequence');
SELECT lives_ok($$SELECT patchmail.add_project('demo-foo', 'Demo foo', 'demo.example.org', 'demo@example.org', 'foo')$$,
                'one list, another subject_match');
SELECT lives_ok($$SELECT patchmail.add_project(repeat('l', 255), repeat('n', 255), repeat('i', 255),
                                               repeat('e', 188) || '@example.org', repeat('m', 64),
                                               repeat('u', 2000))$$,
                'every value as long as it may be');

SELECT throws_ok(format('SELECT patchmail.add_project(%L, %L, %L, %L, %L)', linkname, name, listid, listemail, match),
                 '23514', message, why) FROM (VALUES
    ('demo', 'Other', 'other.example.org', 'other@example.org', '',
     'there is a project with linkname "demo" already', 'linkname is taken'),
    ('other', 'Demo', 'other.example.org', 'other@example.org', '',
     'there is a project with name "Demo" already', 'name is taken'),
    ('other', 'Other', 'demo.example.org', 'other@example.org', '',
     'there is a project with listid "demo.example.org" and subject_match "" already',
          'the list has its default project'),
    ('other', 'Other', 'demo.example.org', 'other@example.org', 'foo',
     'there is a project with listid "demo.example.org" and subject_match "foo" already', 'subject_match is taken'),
    ('a b', 'Other', 'other.example.org', 'other@example.org', '',
     'linkname "a b" is not a slug: letters, digits, - and _', 'a blank in linkname'),
    ('', 'Other', 'other.example.org', 'other@example.org', '',
     'linkname "" is not a slug: letters, digits, - and _', 'empty linkname'),
    ('a/b', 'Other', 'other.example.org', 'other@example.org', '',
     'linkname "a/b" is not a slug: letters, digits, - and _', 'a slash in linkname'),
    ('a.b', 'Other', 'other.example.org', 'other@example.org', '',
     'linkname "a.b" is not a slug: letters, digits, - and _', 'a dot in linkname'),
    (E'ab\n', 'Other', 'other.example.org', 'other@example.org', '',
     E'linkname "ab\n" is not a slug: letters, digits, - and _', 'a line end in linkname'),
    ('other', ' ', 'other.example.org', 'other@example.org', '', 'name is empty', 'blank name'),
    ('other', 'Other', '', 'other@example.org', '',
     'listid "" is not what stands between < and > of List-Id', 'empty listid'),
    ('other', 'Other', 'Other <other.example.org>', 'other@example.org', '',
     'listid "Other <other.example.org>" is not what stands between < and > of List-Id', 'the whole List-Id'),
    ('other', 'Other', 'other.example.org', '', '', 'listemail "" is not an address', 'empty listemail'),
    ('other', 'Other', 'other.example.org', 'other', '', 'listemail "other" is not an address', 'listemail without @'),
    ('other', 'Other', 'other.example.org', 'other@example.org', '(',
     'subject_match "(" is not a regular expression: invalid regular expression: parentheses () not balanced',
     'an open parenthesis'),
    ('other', 'Other', 'other.example.org', 'other@example.org', 'a{2,1}',
     'subject_match "a{2,1}" is not a regular expression: invalid regular expression: invalid repetition count(s)',
     'a repetition upside down'),
    (repeat('x', 256), 'Other', 'other.example.org', 'other@example.org', '',
     'linkname is longer than 255 characters', 'long linkname'),
    ('other', repeat('x', 256), 'other.example.org', 'other@example.org', '', 'name is longer than 255 characters',
     'long name'),
    ('other', 'Other', repeat('x', 256), 'other@example.org', '', 'listid is longer than 255 characters',
     'long listid'),
    ('other', 'Other', 'other.example.org', repeat('x', 189) || '@example.org', '',
     'listemail is longer than 200 characters', 'long listemail'),
    ('other', 'Other', 'other.example.org', 'other@example.org', repeat('x', 65),
     'subject_match is longer than 64 characters', 'long subject_match'),
    (NULL, 'Other', 'other.example.org', 'other@example.org', '', 'linkname must not be NULL', 'no linkname'),
    ('other', NULL, 'other.example.org', 'other@example.org', '', 'name must not be NULL', 'no name'),
    ('other', 'Other', NULL, 'other@example.org', '', 'listid must not be NULL', 'no listid'),
    ('other', 'Other', 'other.example.org', NULL, '', 'listemail must not be NULL', 'no listemail'),
    ('other', 'Other', 'other.example.org', 'other@example.org', NULL, 'subject_match must not be NULL',
     'no subject_match')
) t (linkname, name, listid, listemail, match, message, why);
SELECT throws_ok($$SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org',
                                                web_url => repeat('u', 2001))$$,
                 '23514', 'web_url is longer than 2000 characters', 'long web_url');
SELECT throws_ok($$SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org',
                                                use_tags => NULL)$$,
                 '23514', 'use_tags must not be NULL', 'no use_tags');
SELECT is_empty($$SELECT FROM public.patchwork_project WHERE linkname = 'other'$$, 'what is refused is not there');

ALTER TABLE public.patchwork_project DROP COLUMN show_dependencies;
SELECT lives_ok($$SELECT patchmail.add_project('old', 'Old', 'old.example.org', 'old@example.org', 'x',
                                               use_tags => false)$$, 'Patchwork before show_dependencies');
SELECT row_eq($$SELECT subject_match, use_tags FROM public.patchwork_project WHERE linkname = 'old'$$,
              ROW('x'::varchar, false), 'every other value is in its column');

SELECT * FROM finish();
ROLLBACK;
