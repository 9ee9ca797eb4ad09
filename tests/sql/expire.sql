-- patchmail.expire(): replies that have waited long enough.
\ir preamble.psql
\ir state.psql
SELECT plan(14);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

SELECT store_all(reply('a', 'x'), reply('b', 'a x'), reply('young', 'y'), reply('tied', 'z'),
                 patch('p', answers => 'z'),
                 patch('q'), reply('r', 'q'),
                 reply('other', 'o', more => '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}'));
UPDATE patchmail.message SET arrived = now() - interval '40 days' WHERE word(msgid) <> 'young';
UPDATE patchmail.message SET arrived = now() - interval '50 days' WHERE word(msgid) = 'a';
SELECT is((SELECT array_agg(word(w.msgid) ORDER BY w.msgid) FROM patchmail.waiting w), '{a,b,other,tied,young}',
          'five wait');
SAVEPOINT waiting;
SELECT is_empty($$SELECT * FROM patchmail.expire('60 days')$$, 'none so long');
SELECT results_eq('SELECT * FROM patchmail.expire()',
                  $$VALUES ('demo', 2::bigint, now() - interval '50 days'), ('second', 1, now() - interval '40 days')$$,
                  'expire() says what it did');
SELECT is((SELECT array_agg(word(w.msgid) ORDER BY w.msgid) FROM patchmail.waiting w), '{tied,young}',
          'the young one waits on, and the one whose thread has a patch');
SELECT is((SELECT array_agg(word(r.msgid) ORDER BY r.msgid) FROM patchmail.reference r), '{q,y,z,z}',
          'what the others referred to is forgotten');
SELECT is(all_comments(), 'r>q tied>? young>?', 'comments stay');
SELECT is_empty('SELECT * FROM patchmail.expire()', 'a second time there is nothing to do');
SELECT is(store_all(patch('x')), '{stored}', 'a patch that they answered comes after all');
SELECT is(store_all(reply('b', 'a x')), '{stored}', 'a reply that had expired comes again');
SELECT is(all_comments(), 'b>x r>q tied>? young>?', 'a reply that comes again is a comment');
ROLLBACK TO waiting;
SELECT is((SELECT sum(removed) FROM patchmail.expire('1 day')), 3::numeric, 'another age');
SELECT throws_ok($$SELECT patchmail.expire('soon')$$, '22007', NULL, 'an age has to be an interval');
SELECT throws_ok(format('SELECT patchmail.expire(%L)', age), '22023',
                 'the age has to be 0 or more, such as ''30 days''',
                 'the age cannot be ' || coalesce(age, 'NULL')) FROM (VALUES ('-1 day'), (NULL)) t (age);

SELECT * FROM finish();
ROLLBACK;
