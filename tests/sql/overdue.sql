-- patchmail.overdue(): a mail that cannot be stored within its time is quarantined in the end, if that is its own
-- fault.
\ir preamble.psql
\ir state.psql
SELECT plan(26);
SELECT make_project() AS project \gset
SELECT make_project('picky', 'demo.example.org', 'picky') AS picky \gset
SELECT make_project('second', 'second.example.org') AS second \gset
CREATE FUNCTION overdue(mail jsonb, seconds integer DEFAULT 60, source jsonb DEFAULT '{"transport": "deliver"}')
RETURNS text LANGUAGE sql AS $$
    SELECT o.outcome FROM patchmail.overdue(mail, '\x6d61696c', source, seconds) o;
$$;
CREATE FUNCTION attempts() RETURNS bigint LANGUAGE sql AS 'SELECT sum(attempts) FROM patchmail.overdue';
SAVEPOINT empty;

SELECT row_eq($$SELECT * FROM patchmail.overdue(patch('s'), '\x', '{"transport": "deliver"}', 61)$$,
              ROW('deferred'::text, 'storing it takes longer than 61 seconds (project demo, picky)'::text,
                  NULL::bigint),
              'the first time it is deferred, and the reason names the projects of its list');
SELECT row_eq('SELECT msgid, projects, attempts, seconds FROM patchmail.overdue',
              ROW('<s@example.org>'::text, 'demo, picky'::text, 1, 61), 'the first time is noted');
SELECT is(overdue(patch('s')), 'deferred', 'the second time too');
SELECT is(attempts(), 1::bigint, 'the second time does not count, since nothing else has been stored');
SELECT store_all(patch('o1', more => '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}'));
SELECT is(overdue(patch('s')), 'deferred', 'mail of another list does not make it count');
SELECT is(attempts(), 1::bigint, 'after mail of another list it does not count either');
SELECT store_all(patch('o2'));
SELECT is(overdue(patch('s'), 30), 'deferred', 'with other mail of the list between it is deferred again');
SELECT is(attempts(), 2::bigint, 'with other mail of the list between it counts');
SELECT is(overdue(patch('s')), 'deferred', 'without further mail of the list it is deferred again');
SELECT is(overdue(patch('t')), 'deferred', 'another mail is counted by itself');
SELECT store_all(reply('w', 'x'));
SELECT is(overdue(patch('s')), 'deferred', 'with a comment between a patch is deferred: it may be all patches');
SELECT is((SELECT attempts FROM patchmail.overdue WHERE msgid = '<s@example.org>'), 2,
          'with a comment between a patch does not count');
SELECT store_all(patch('o3'));
SELECT is(overdue(patch('s'), 9), 'deferred', 'a time that is short says nothing');
SELECT is((SELECT attempts FROM patchmail.overdue WHERE msgid = '<s@example.org>'), 2, 'a short time is not counted');
SELECT is(overdue(patch('s'), 40, '{"transport": "deliver", "patience": 1}'), 'quarantined',
          'the third time it is quarantined');
SELECT row_eq($$SELECT reason, patchmail.quarantine_raw(id), source FROM patchmail.quarantine$$,
              ROW('storing it takes longer than 30 seconds (project demo, picky)'::text, '\x6d61696c'::bytea,
                  '{"transport": "deliver"}'::jsonb), 'the quarantine has its bytes, and the shortest of the times');
SELECT is((SELECT string_agg(msgid, ' ') FROM patchmail.overdue), '<t@example.org>',
          'in quarantine it is no longer counted');
UPDATE patchmail.overdue SET last_try = now() - interval '1 hour';
SELECT store_all(patch('t'));
SELECT overdue(patch('v')) AS done \gset
SELECT is((SELECT string_agg(msgid, ' ') FROM patchmail.overdue), '<v@example.org>',
          'one that is stored is not counted any more');
ROLLBACK TO empty;

SELECT is(overdue(facts_rejected('bad') || '{"sha256": null}'), 'deferred',
          'without a hash there is nothing to count by');
SELECT is(overdue(facts_rejected('bad')), 'deferred', 'a mail of no list');
SELECT store_all(patch('o'));
SELECT is(overdue(facts_rejected('bad'), 60, '{"list_id": "demo.example.org"}'), 'deferred',
          'a mail of the deliverer''s list');
SELECT is(attempts(), 2::bigint, 'counts for that');
UPDATE patchmail.overdue SET last_try = now() - interval '31 days';
SELECT patchmail.expire();
SELECT is(attempts(), NULL, 'what has not come again for long is forgotten');

-- A mail of an IMAP mailbox
SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "m", "uidvalidity": 1}');
SELECT overdue(patch('u'), 60, '{"account": "a", "mailbox": "m", "uidvalidity": 1, "uid": 5}');
UPDATE patchmail.overdue SET attempts = 2, newest = -1;
SELECT is((SELECT last_uid FROM patchmail.cursor), 0::bigint, 'deferred, it is not taken');
SELECT is(overdue(patch('u'), 60, '{"account": "a", "mailbox": "m", "uidvalidity": 1, "uid": 5}'), 'quarantined',
          'quarantined, it is');
SELECT is((SELECT last_uid FROM patchmail.cursor), 5::bigint, 'it is quarantined and taken in the same transaction');

SELECT * FROM finish();
ROLLBACK;
