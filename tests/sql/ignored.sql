-- patchmail.ignored: what is ignored is counted, by day, list and reason, and no stranger can fill it.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset

CREATE FUNCTION elsewhere(id text, list text DEFAULT 'other.example.org') RETURNS text LANGUAGE sql AS $$
    SELECT store_mail(patch(id) || jsonb_build_object('list_ids', jsonb_build_array(
        jsonb_build_object('field', 'List-Id', 'id', list))));
$$;
SELECT is(elsewhere('a1') || elsewhere('a2') || elsewhere('b1', 'third.example.org'), 'ignoredignoredignored',
          'mail of lists without a project');
SELECT is(store_mail(patch('n') || '{"list_ids": []}'), 'ignored', 'mail without a list');
SELECT is(store_mail(patch('h', more => '{"hints": {"ignore": true}}')), 'ignored', 'mail that asks for it');
SELECT is(store_mail(facts_comment('<t@example.org>', '{}')), 'ignored', 'talk');
SELECT is(store_mail(patch('e') || '{"kind": "empty"}'), 'ignored', 'mail with nothing in it');
SELECT make_project('picky', 'picky.example.org', 'picky') AS picky \gset
SELECT is(store_mail(patch('o', more => '{"list_ids": []}'),
                     '{"transport": "deliver", "list_id": "picky.example.org"}'), 'ignored',
          'mail with a subject that no project of the list wants');
SELECT throws_ok($$SELECT store_mail(patch('c'), '{"transport": "deliver", "list_id": "typo.example.org"}')$$, '42704',
                 'no project has the list id "typo.example.org" that the configuration or --list-id gives; mend it'
                 ' there, or SELECT patchmail.add_project(''LINKNAME'', ''NAME'', ''typo.example.org'', ''ADDRESS'')',
                 'a list that a configuration names and nobody has is the site''s fault');
SELECT is(store_mail(patch('fine')), 'stored', 'a mail that is not ignored is not counted');
SELECT results_eq($$SELECT list_id, reason, mails, last_msgid FROM patchmail.ignored ORDER BY list_id COLLATE "C",
                  reason COLLATE "C"$$, $$VALUES
    ('', 'it has no list id', 1::bigint, '<n@example.org>'),
    ('demo.example.org', 'X-Patchwork-Hint says ignore', 1, '<h@example.org>'),
    ('demo.example.org', 'it has neither text nor diff', 1, '<e@example.org>'),
    ('demo.example.org', 'it is neither patch nor cover letter, and answers nothing', 1, '<t@example.org>'),
    ('other.example.org', 'no project has its list id', 2, '<a2@example.org>'),
    ('picky.example.org', 'no project of its list wants its subject', 1, '<o@example.org>'),
    ('third.example.org', 'no project has its list id', 1, '<b1@example.org>')$$,
        'each is counted, with the last Message-ID');
SELECT is_empty($$SELECT FROM patchmail.ignored WHERE day <> (now() AT TIME ZONE 'UTC')::date OR last_at <> now()$$,
                'today, just now');
UPDATE patchmail.ignored_mail SET day = day - 1, last_at = last_at - interval '1 day'
    WHERE list_id = 'other.example.org';
SELECT elsewhere('a3');
SELECT results_eq($$SELECT mails, last_msgid FROM patchmail.ignored WHERE list_id = 'other.example.org'$$,
                  $$VALUES (1::bigint, '<a3@example.org>'), (2, '<a2@example.org>')$$,
                      'another day is another row, the last first');

-- What counts for itself is added up
INSERT INTO patchmail.ignored_mail SELECT day, list_id, reason, 7, 5, '<later@example.org>', last_at + interval '1 s'
  FROM patchmail.ignored_mail WHERE list_id = 'third.example.org';
SELECT results_eq($$SELECT mails, last_msgid FROM patchmail.ignored WHERE list_id = 'third.example.org'$$,
                  $$VALUES (6::bigint, '<later@example.org>')$$, 'what came at once is added up');

-- Hostile
SELECT elsewhere(E'x\u001b[2J\u202e', E'evil\u001b]0;x\u0007\u2028\u202e');
SELECT results_eq($$SELECT list_id, last_msgid FROM patchmail.ignored WHERE list_id LIKE 'evil%'$$,
                  $$VALUES ('evil\u001b]0;x\u0007\u2028\u202e', '<x\u001b[2J\u202e@example.org>')$$,
                      'nothing of it reaches a terminal');
SELECT is(_patchmail.printable(E'a\tb\n\u00ad\u200bä漢\\'), 'a\u0009b\u000a\u00ad\u200bä漢\',
          'what is not printable has its number');
SELECT is(_patchmail.printable(repeat('x', 300)), repeat('x', 200), 'long texts are cut');
SELECT is(_patchmail.printable(NULL), NULL, 'nothing is nothing');
SELECT elsewhere('long', repeat('ä', 3000));
SELECT is(max(length(list_id)), 255, 'a list id of any length') FROM patchmail.ignored_mail;
DO $$ BEGIN FOR n IN 1 .. 1500 LOOP PERFORM elsewhere('m' || n, 'list-' || n); END LOOP; END $$;
SELECT cmp_ok(count(*), '<=', 1001::bigint, 'invented lists make no more than a thousand rows a day')
  FROM patchmail.ignored_mail WHERE day = (now() AT TIME ZONE 'UTC')::date;
SELECT cmp_ok(mails, '>=', 500::bigint, 'those after them are counted together') FROM patchmail.ignored
 WHERE list_id = '(others)';
SELECT is(sum(mails), 1500::numeric, 'none is left out')
  FROM patchmail.ignored WHERE last_msgid LIKE '<m%';
SELECT elsewhere('a4');
SELECT is(mails, 2::bigint, 'one that was there before goes on') FROM patchmail.ignored
 WHERE list_id = 'other.example.org' AND day = (now() AT TIME ZONE 'UTC')::date;
UPDATE patchmail.ignored_mail SET last_at = now() - interval '31 days' WHERE list_id LIKE 'list-%';
SELECT is_empty('SELECT * FROM patchmail.expire()', 'expire() forgets');
SELECT is(count(*), 0::bigint, 'what was counted long ago') FROM patchmail.ignored WHERE list_id LIKE 'list-%';

SELECT * FROM finish();
ROLLBACK;
