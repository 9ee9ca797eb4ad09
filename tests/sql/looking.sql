-- What admins look at: status, failures, throughput, waiting, unknown_lists, people_alike.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT results_eq('SELECT project, last_mail, last_day, waiting, quarantined FROM patchmail.status',
                  $$VALUES (NULL, NULL::timestamptz, 0::bigint, 0::bigint, 0::bigint), ('demo', NULL, 0, 0, 0),
                           ('second', NULL, 0, 0, 0)$$, 'before the first mail there is nothing');

CREATE FUNCTION in_second(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}';
$$;
CREATE FUNCTION listed(mail jsonb, list text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('list_ids',
                                      jsonb_build_array(jsonb_build_object('field', 'List-Id', 'id', list)));
$$;

-- By which transport it came
SELECT store_mail(patch('one'), '{"transport": "deliver"}');
SELECT store_mail(reply('r', 'one'), '{"transport": "lmtp"}');
SELECT store_together(ARRAY[patch('two'), patch('three', '1/2'), reply('s', 'two'), in_second(patch('far'))]);
SELECT is((SELECT string_agg(concat(word(m.msgid), ':', m.transport), ' ' ORDER BY m.id) FROM patchmail.message m
            WHERE word(m.msgid) <> 'far'),
          'one:deliver r:lmtp two:import three:import s:import', 'the ledger knows the transport of each mail');
SELECT s.number FROM patchmail.store_many(to_jsonb(ARRAY[patch('x'), patch('y'), reply('z', 'x')]),
    '[{"transport": "lmtp"}, {"transport": "deliver"}, {"transport": "imap"}]') s;
SELECT is((SELECT string_agg(concat(word(m.msgid), ':', m.transport), ' ' ORDER BY m.msgid) FROM patchmail.message m
            WHERE word(m.msgid) IN ('x', 'y', 'z')), 'x:lmtp y:deliver z:imap', 'and of each mail of a batch its own');
SELECT store_mail(patch('one'), '{"transport": "imap"}');
SELECT is((ledger('one')).transport, 'deliver', 'a mail that comes again came by the first');

-- Throughput
SELECT results_eq($$SELECT project, transport, mails, patches, comments FROM patchmail.throughput
                     WHERE hour = date_trunc('hour', now(), 'UTC') ORDER BY 1, 2$$,
                  $$VALUES ('demo', 'deliver', 2::bigint, 2::bigint, 0::bigint), ('demo', 'imap', 1, 0, 1),
                           ('demo', 'import', 3, 2, 1), ('demo', 'lmtp', 2, 1, 1), ('second', 'import', 1, 1, 0)$$,
                  'a row an hour, project and transport');
UPDATE patchmail.message SET arrived = now() - interval '8 days' WHERE word(msgid) IN ('one', 'far');
UPDATE patchmail.message SET arrived = now() - interval '3 days' WHERE word(msgid) = 'two';
UPDATE patchmail.message SET transport = NULL WHERE word(msgid) = 'two';
SELECT is((SELECT sum(mails) FROM patchmail.throughput), 7::numeric, 'mail of more than a week ago does not count');
SELECT results_eq($$SELECT transport, mails FROM patchmail.throughput WHERE hour < now() - interval '2 days'$$,
                  $$VALUES ('unknown', 1::bigint)$$, 'mail that was stored before that was noted');

-- Status
SELECT store_all(reply('w1', 'nowhere'), reply('w2', 'nowhere'), reply('w3', 'elsewhere beyond'));
SELECT store_mail(facts_rejected('broken'));
SELECT store_mail(in_second(patch('bad')) || '{"rejected": "too long"}');
SELECT store_mail(listed(patch('u' || n), 'no.example.net')) FROM generate_series(1, 3) n;
SELECT store_mail(listed(patch('v'), E'evil\u001b[2J.example.net'));
SELECT store_mail(reply('talk', ''));
SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h"}');
SELECT patchmail.defer_uid('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h", "uid": 7}',
                           E'disk\u0007full');
INSERT INTO patchmail.overdue (sha256, msgid, projects, seconds, newest)
VALUES ('00', '<slow@example.org>', 'demo, second', 20, 0);
SELECT results_eq($$SELECT version, last_mail, lag, last_day, waiting, quarantined, ignored, overdue, deferred,
                           imap_idle FROM patchmail.status WHERE project IS NULL$$,
                  $$SELECT patchmail.schema_version(), now(), interval '0', 9::bigint, 3::bigint, 2::bigint, 5::bigint,
                           1::bigint, 1::bigint, interval '0'$$, 'the row of all');
SELECT is((SELECT errors FROM patchmail.status WHERE project IS NULL),
          '1: broken; 1: disk\u0007full; 1: not stored in time; 1: too long', 'errors by reason, safe for terminals');
SELECT results_eq($$SELECT project, last_mail, last_day, waiting, quarantined, ignored, overdue, errors
                      FROM patchmail.status WHERE project IS NOT NULL AND transport IS NULL$$,
                  $$VALUES ('demo', now(), 9::bigint, 3::bigint, 0::bigint, 1::bigint, 1::bigint,
                            '1: not stored in time'),
                           ('second', now() - interval '8 days', 0, 0, 1, 0, 1, '1: not stored in time; 1: too long')$$,
                  'a row a project');
SELECT results_eq($$SELECT project, transport, last_day FROM patchmail.status WHERE transport IS NOT NULL$$,
                  $$VALUES ('demo', 'deliver', 4::bigint), ('demo', 'imap', 1), ('demo', 'import', 2),
                           ('demo', 'lmtp', 2)$$,
                  'a row a project and transport of the last day');
UPDATE patchmail.message SET adopted = true WHERE word(msgid) = 'x';
SELECT is((SELECT last_day FROM patchmail.status WHERE transport = 'patchwork'), 1::bigint,
          'what Patchwork stored is its own transport');

-- Waiting
SELECT results_eq($$SELECT word(msgid), word(answers), age, same FROM patchmail.waiting ORDER BY msgid$$,
                  $$VALUES ('w1', 'nowhere', interval '0', 2::bigint), ('w2', 'nowhere', interval '0', 2),
                           ('w3', 'elsewhere', interval '0', 1)$$, 'how long each waits, and how many for the same');
UPDATE patchmail.message SET name = E'a\u001b[2Jb' WHERE word(msgid) = 'w3';
SELECT is((SELECT subject FROM patchmail.waiting WHERE word(msgid) = 'w3'), 'a\u001b[2Jb',
          'a subject does nothing to a terminal');

-- Failures
SELECT results_eq($$SELECT what, projects, reason, times FROM patchmail.failures ORDER BY what, reason$$,
                  $$VALUES ('deferred', NULL, 'disk\u0007full', 1::bigint),
                           ('ignored', NULL, 'no project has its list id: evil\u001b[2J.example.net', 1),
                           ('ignored', NULL, 'no project has its list id: no.example.net', 3),
                           ('overdue', 'demo second', 'storing it takes longer than 20 seconds', 1),
                           ('quarantined', NULL, 'broken', 1), ('quarantined', 'second', 'too long', 1)$$,
                  'all that failed, and why');
SELECT ok((SELECT bool_and((what = 'quarantined') = (quarantine_id IS NOT NULL)) FROM patchmail.failures),
          'of what is in quarantine there is the id');
UPDATE patchmail.quarantine SET last_try = now() - interval '25 hours';
UPDATE patchmail.deferred_uid SET last_try = now() - interval '25 hours';
UPDATE patchmail.overdue SET last_try = now() - interval '25 hours';
UPDATE patchmail.ignored_mail SET last_at = now() - interval '25 hours';
SELECT is_empty('SELECT * FROM patchmail.failures', 'what failed before the last 24 hours is not there');

-- Unknown lists
SELECT results_eq('SELECT list_id, mails, word(last_msgid) FROM patchmail.unknown_lists',
                  $$VALUES ('no.example.net', 3::bigint, 'u3'), ('evil\u001b[2J.example.net', 1, 'v')$$,
                  'lists that no project has, with the last mail of each');
SELECT make_project('no', 'no.example.net');
SELECT is((SELECT count(*) FROM patchmail.unknown_lists), 1::bigint, 'a list is known once it has a project');

-- People who may be one
DELETE FROM patchmail.message;
CREATE FUNCTION alike(VARIADIC people text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    pairs text;
BEGIN
    INSERT INTO public.patchwork_person (id, name, email)
    SELECT 1000 + n, nullif(split_part(p, '/', 1), ''), split_part(p, '/', 2)
      FROM unnest(people) WITH ORDINALITY u (p, n);
    SELECT string_agg(concat(a.person_id - 1000, '=', a.other_id - 1000, ' ', a.why), '; ' ORDER BY 1) INTO pairs
      FROM patchmail.people_alike a WHERE a.person_id > 1000;
    DELETE FROM public.patchwork_person p WHERE p.id > 1000;
    RETURN pairs;
END
$$;
SELECT is(alike('A/a@example.org', 'B/b@example.org'), NULL, 'two people');
SELECT is(alike('A/a@example.org', 'B/A@example.org'), '1=2 address', 'case');
SELECT is(alike('A/a@example.org', 'B/a+lists@example.org', 'C/A+x@example.org'), '1=2 address; 1=3 address', 'tags');
SELECT is(alike('A/a@example.org', 'B/a@mail.example.org'), '1=2 domain', 'a domain below the other''s');
SELECT is(alike('A/a@mail.example.org', 'B/a@example.org'), '1=2 domain', 'or above');
SELECT is(alike('A/a@example.org', 'B/a@badexample.org', 'C/a@org'), NULL, 'a domain that only ends so');
SELECT is(alike('Ann Other/a@example.org', 'ann other/b@example.net'), '1=2 name', 'one name');
SELECT is(alike('Ann/a@example.org', 'Ann/b@example.net', '/c@example.net', '/d@example.net'), NULL,
          'one word is too common, and none is no name');
SELECT is(alike('Ann Other/a@example.org', 'Ann Other/a+b@example.org'), '1=2 address, name', 'for two reasons');
INSERT INTO public.patchwork_person (id, name, email) VALUES (2001, E'E\u202e V', 'e@example.org'),
                                                             (2002, 'E', 'E@example.org');
SELECT is((SELECT name FROM patchmail.people_alike WHERE person_id = 2001), 'E\u202e V',
          'names are safe for terminals');
INSERT INTO public.auth_user (id, username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (7, 'e', '', '', '', 'e@example.org', false, false, true, now());
UPDATE public.patchwork_person SET user_id = 7 WHERE id > 2000;
SELECT is_empty('SELECT * FROM patchmail.people_alike WHERE person_id > 2000', 'a user may have several addresses');

-- An admin sees all of it
GRANT USAGE ON SCHEMA public TO patchmail_reader, patchmail_admin;
SET LOCAL ROLE patchmail_admin;
SELECT lives_ok('SELECT * FROM patchmail.' || v, 'an admin looks at ' || v)
  FROM unnest('{status,waiting,throughput,failures,unknown_lists,people_alike,check_kinds,retention}'::text[]) v;
SELECT isnt_empty('SELECT * FROM patchmail.check()', 'an admin calls check()');
SET LOCAL ROLE patchmail_reader;
SELECT throws_ok('SELECT * FROM patchmail.check()', '42501', NULL, 'a reader does not');
SELECT throws_ok('SELECT * FROM patchmail.repair()', '42501', NULL, 'nor repair()');
SELECT throws_ok('SELECT * FROM patchmail.housekeeping()', '42501', NULL, 'nor housekeeping()');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
