-- How far the mail of IMAP mailboxes has been taken: patchmail.open_mailbox(), take_uid(), defer_uid(), forget_uid(),
-- settle_uid(), and store() with a UID.  Who may follow one: lease.sql.
\ir preamble.psql
SELECT plan(105);
SELECT make_project();

-- A mail of a mailbox, or the mailbox.
CREATE FUNCTION mail(uid bigint DEFAULT NULL, mailbox text DEFAULT 'INBOX', uidvalidity bigint DEFAULT 7,
                     account text DEFAULT 'a', after boolean DEFAULT NULL, retry integer DEFAULT NULL,
                     attempts integer DEFAULT NULL, withheld boolean DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('transport', 'imap', 'account', account, 'mailbox', mailbox,
                                                'uidvalidity', uidvalidity, 'uid', uid, 'after', after, 'retry', retry,
                                                'attempts', attempts, 'withheld', withheld));
$$;
CREATE FUNCTION last_uid(mailbox text DEFAULT 'INBOX', account text DEFAULT 'a') RETURNS bigint LANGUAGE sql AS $$
    SELECT c.last_uid FROM patchmail.cursor c WHERE c.account = $2 AND c.mailbox = $1;
$$;

-- A new mailbox
SELECT is(patchmail.open_mailbox(mail()),
          jsonb_build_object('schema', patchmail.schema_version()) ||
          '{"uidvalidity": 7, "last_uid": 0, "first": 1, "renewed": null, "moved": false, "witness_uid": null,
            "witness": null,
            "deferred": [], "later": 0, "unsettled": []}',
          'a new mailbox begins at 0');
-- What these tests look at.
CREATE FUNCTION opened(source jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT patchmail.open_mailbox(source) - '{schema,uidvalidity,first,moved,witness_uid,witness}'::text[];
$$;
SELECT row_eq('SELECT account, mailbox, uidvalidity, last_uid, moved = now() FROM patchmail.cursor',
              ROW('a'::text, 'INBOX'::text, 7::bigint, 0::bigint, true), 'a mailbox is known once it was opened');

-- Taking
UPDATE patchmail.cursor SET moved = '2026-01-01Z';
SELECT ok(_patchmail.take_uid(mail(5)), 'a mail');
SELECT row_eq('SELECT last_uid, moved = now() FROM patchmail.cursor', ROW(5::bigint, true), 'the cursor is at it');
SELECT ok(NOT _patchmail.take_uid(mail(5)), 'a mail is not taken twice');
SELECT ok(_patchmail.take_uid(mail(4)), 'a mail that appears late, below the cursor, is taken');
SELECT ok(NOT _patchmail.take_uid(mail(4)), 'a mail that appears late is taken once');
SELECT is(last_uid(), 5::bigint, 'the cursor does not go back to a mail that appears late');
SELECT ok(_patchmail.take_uid(mail(4294967295)), 'the highest UID that there can be');
SELECT is(last_uid(), 4294967295, 'the highest UID is a number like others');
UPDATE patchmail.cursor SET last_uid = 5;
SELECT is_empty('SELECT * FROM patchmail.unsettled_uid', 'nothing is to be done with them');
SELECT is(patchmail.open_mailbox(mail())->>'last_uid', '5', 'there it goes on');
SELECT throws_ok('SELECT _patchmail.take_uid(mail(6, uidvalidity => 8))', '40001', NULL,
                 'a mail of another UIDVALIDITY');
SELECT throws_ok($$SELECT _patchmail.take_uid(mail(6, 'Lists'))$$, '40001', NULL,
                 'a mail of a mailbox that was not opened');
SELECT is(last_uid(), 5::bigint, 'a mail of a mailbox that was not opened is not taken');
SELECT is(patchmail.open_mailbox(mail(mailbox => 'Lists'))->>'last_uid', '0',
          'another mailbox has a cursor of its own');
SELECT is(patchmail.open_mailbox(mail(account => 'b'))->>'last_uid', '0',
          'the same mailbox of another account has a cursor of its own');

-- What is to be done then
SELECT ok(_patchmail.take_uid(mail(6, after => true)), 'a mail with which something is to be done then');
SELECT ok(_patchmail.take_uid(mail(9, after => true)), 'another mail that is to be moved is taken');
SELECT ok(_patchmail.take_uid(mail(3, 'Lists', after => true)),
          'a mail of another mailbox that is to be moved is taken');
SELECT is(patchmail.open_mailbox(mail())->'unsettled', '[6, 9]', 'the mails that are to be moved are known, in order');
SELECT ok(NOT _patchmail.take_uid(mail(6, after => true)), 'a mail that is to be moved is not taken again');
SELECT ok(NOT patchmail.settle_uid(mail(6, uidvalidity => 8)), 'settle_uid leaves a mail of another UIDVALIDITY alone');
SELECT ok(NOT patchmail.settle_uid(mail(6, 'Lists')), 'settle_uid leaves a mail of another mailbox alone');
SELECT is(patchmail.open_mailbox(mail())->'unsettled', '[6, 9]', 'the mail is still to be moved');
SELECT ok(patchmail.settle_uid(mail(6)), 'settle_uid settles a mail');
SELECT ok(NOT patchmail.settle_uid(mail(6)), 'settle_uid settles a mail once');
SELECT is(patchmail.open_mailbox(mail())->'unsettled', '[9]', 'the other one is not');
UPDATE patchmail.cursor SET last_uid = 8 WHERE mailbox = 'INBOX' AND account = 'a';
SELECT lives_ok('SELECT _patchmail.take_uid(mail(9, after => true))',
                'an admin sets the cursor back before it is done');

-- Deferring
SELECT is(patchmail.defer_uid(mail(12), 'no room'), 1, 'a mail that cannot be stored');
SELECT is(last_uid(), 12::bigint, 'the cursor goes past it');
SELECT row_eq('SELECT mailbox, uid, attempts, reason, last_try = now() FROM patchmail.deferred_uid',
              ROW('INBOX'::text, 12::bigint, 1, 'no room'::text, true), 'a deferred mail is known, with the reason');
UPDATE patchmail.deferred_uid SET last_try = '2026-01-01Z';
SELECT is(patchmail.defer_uid(mail(12), 'still no room'), 2, 'a mail is deferred again');
SELECT row_eq('SELECT uid, attempts, reason, last_try = now() FROM patchmail.deferred_uid',
              ROW(12::bigint, 2, 'still no room'::text, true), 'the last reason counts');
SELECT is(patchmail.defer_uid(mail(9), 'late'), 0, 'a mail that has been taken meanwhile');
SELECT is((SELECT count(*) FROM patchmail.deferred_uid), 1::bigint,
          'a mail that has been taken meanwhile is not deferred');
SELECT throws_ok($$SELECT patchmail.defer_uid(mail(20, uidvalidity => 8), 'x')$$, '40001', NULL,
                 'a mail of another UIDVALIDITY');
SELECT is(last_uid(), 12::bigint, 'a mail of another UIDVALIDITY does not move the cursor');
SELECT is(patchmail.defer_uid(mail(15), 'x'), 1, 'a second mail');
UPDATE patchmail.deferred_uid SET last_try = now() - interval '100 s' WHERE uid = 12;
SELECT is(opened(mail()) - 'unsettled',
          '{"last_uid": 15, "renewed": null, "later": 0,
            "deferred": [{"uid": 15, "attempts": 1, "reason": "x", "alone": false},
                         {"uid": 12, "attempts": 2, "reason": "still no room", "alone": false}]}',
          'the deferred mails are listed, those first that were tried least');
SELECT is(opened(mail(retry => 100)) - '{last_uid,renewed,unsettled}'::text[],
          '{"later": 1, "deferred": [{"uid": 12, "attempts": 2, "reason": "still no room", "alone": false}]}',
          'one that was tried less than so long ago is not due');
SELECT is(patchmail.open_mailbox(mail(retry => 101))->>'later', '2', 'the other deferred mail is not due either');
SELECT is(patchmail.open_mailbox(mail(retry => 100, attempts => 1))->>'later', '1',
          'however often, since nothing says that it is the mail''s fault');
SELECT is(patchmail.defer_uid(mail(12, withheld => true), 'it is not given'), 3, 'the server does not hand one over');
UPDATE patchmail.deferred_uid SET last_try = now() - interval '100 s' WHERE uid = 12;
SELECT is(patchmail.open_mailbox(mail(retry => 100, attempts => 4))->>'later', '1',
          'a mail that is not handed over is asked for at every look');
SELECT is(patchmail.open_mailbox(mail(retry => 100, attempts => 3))->>'later', '2',
          'a mail that is not handed over is not asked for after some attempts');
UPDATE patchmail.deferred_uid SET last_try = now() - interval '1 hour' WHERE uid = 12;
SELECT is(patchmail.open_mailbox(mail(retry => 100, attempts => 3))->>'later', '1',
          'a mail that is not handed over is asked for once an hour');
SELECT row_eq($$SELECT last_uid, deferred, unsettled FROM patchmail.imap WHERE account = 'a' AND mailbox = 'INBOX'$$,
              ROW(15::bigint, 2::bigint, 1::bigint), 'the view counts');
SELECT ok(_patchmail.take_uid(mail(12, after => true)), 'a mail that was deferred can be taken behind the cursor');
SELECT is(last_uid(), 15::bigint, 'the cursor stays when a deferred mail is taken');
SELECT is(opened(mail()) - '{last_uid,renewed,later}'::text[],
          '{"deferred": [{"uid": 15, "attempts": 1, "reason": "x", "alone": false}], "unsettled": [9, 12]}',
          'a mail that was taken is deferred no longer');
SELECT ok(NOT _patchmail.take_uid(mail(12)), 'a mail that was deferred is taken once');
SELECT ok(NOT patchmail.forget_uid(mail(15, uidvalidity => 8)), 'a mail of another UIDVALIDITY is not known');
SELECT ok(patchmail.forget_uid(mail(15)), 'a mail that was deferred is gone');
SELECT ok(NOT patchmail.forget_uid(mail(15)), 'a deferred mail that is gone is forgotten once');

-- Another UIDVALIDITY
SELECT patchmail.defer_uid(mail(16), 'x'), patchmail.defer_uid(mail(4, 'Lists'), 'x');
SELECT is(opened(mail(uidvalidity => 8)),
          '{"last_uid": 0, "renewed": "its UIDVALIDITY has changed to 8", "deferred": [], "later": 0,
            "unsettled": []}', 'the mailbox begins anew');
SELECT is(patchmail.open_mailbox(mail(uidvalidity => 8))->>'renewed', NULL, 'the mailbox begins anew once');
SELECT is(opened(mail(mailbox => 'Lists')),
          '{"last_uid": 4, "renewed": null, "later": 0,
            "deferred": [{"uid": 4, "attempts": 1, "reason": "x", "alone": false}],
            "unsettled": [3]}',
          'the others stay as they are');
SELECT throws_ok('SELECT _patchmail.take_uid(mail(1))', '40001', NULL,
                 'whoever has not noticed the new mailbox takes nothing');

-- Another server
SELECT patchmail.open_mailbox(mail(mailbox => 'Moved') || '{"server": "u at one.example.org"}'),
       _patchmail.take_uid(mail(5, 'Moved'));
SELECT ok(patchmail.note_witness(mail(5, 'Moved'), 'hash'), 'what a mail is known by is noted');
SELECT ok(NOT patchmail.note_witness(mail(5, 'Moved', 8), 'other'), 'not of a mail of another UIDVALIDITY');
SELECT is(o - '{schema,first,later,unsettled,deferred,uidvalidity}'::text[],
          '{"last_uid": 5, "moved": true, "renewed": null, "witness_uid": 5, "witness": "hash"}',
          'another server shows, and nothing is forgotten yet')
  FROM patchmail.open_mailbox(mail(mailbox => 'Moved') || '{"server": "u at two.example.org"}') o;
SELECT is(patchmail.open_mailbox(mail(mailbox => 'Moved') || '{"server": "u at two.example.org", "same": true}')
          ->'moved', 'false', 'the program may find that the mail is the same');
SELECT is(o - '{schema,later,unsettled,deferred,uidvalidity}'::text[],
          '{"last_uid": 0, "first": 1, "moved": false, "witness_uid": null, "witness": null,
            "renewed": "it is that of u at one.example.org now, and was that of u at two.example.org"}',
          'or that it is not: then the mailbox begins anew')
  FROM patchmail.open_mailbox(mail(mailbox => 'Moved') || '{"server": "u at one.example.org", "restarted": true}') o;
SELECT is(patchmail.open_mailbox(mail(mailbox => 'Moved') || '{"restarted": true}')->>'renewed', NULL,
          'what begins anew has to have begun');
SELECT ok(_patchmail.take_uid(mail(3, 'Moved')), 'a UID that was taken is another mail''s now');
SELECT is(patchmail.open_mailbox(mail(mailbox => 'Moved') || '{"restarted": true}')->>'renewed',
          'its UIDs have begun anew, though its UIDVALIDITY has not changed', 'the same for UIDs that begin anew');

-- A server that does not give the UIDVALIDITY
SELECT ok(_patchmail.take_uid(mail(3, 'Moved')), 'a mail is taken');
SELECT is(o - '{schema,later,unsettled,deferred,moved,witness,witness_uid}'::text[],
          '{"last_uid": 3, "first": 1, "renewed": null, "uidvalidity": 7}', 'without a UIDVALIDITY the last one counts')
  FROM patchmail.open_mailbox(mail(mailbox => 'Moved') - 'uidvalidity') o;
SELECT is(patchmail.open_mailbox(mail(mailbox => 'None') - 'uidvalidity')->>'uidvalidity', '0', 'or there is none');
SELECT ok(_patchmail.take_uid(mail(3, 'None') - 'uidvalidity'), 'mail is taken without one');
SELECT is(o - '{schema,later,unsettled,deferred,moved,witness,witness_uid,first}'::text[],
          '{"last_uid": 3, "renewed": null, "uidvalidity": 9}', 'the first one that the server gives changes nothing')
  FROM patchmail.open_mailbox(mail(mailbox => 'None', uidvalidity => 9)) o;

-- What is known
SELECT is(patchmail.new_uids(mail(mailbox => 'None'), '[1,2,3,4,1024,4294967295,3]'), '[1, 2, 4, 1024, 4294967295]',
          'the UIDs that are new, in order and once');
SELECT is(patchmail.new_uids(mail(mailbox => 'None'), '[]'), '[]', 'none of none');
SELECT is(patchmail.new_uids(mail(mailbox => 'Nowhere'), '[1]'), '[]', 'none of a mailbox that is not known');
SELECT patchmail.defer_uid(mail(2, 'None', 9), 'x');
SELECT is(patchmail.new_uids(mail(mailbox => 'None'), '[1,2,3]'), '[1]', 'what is deferred is known');
SELECT ok(bool_and(_patchmail.take_uid(mail(u, 'None', 9))), 'many UIDs, over the borders of their rows')
  FROM unnest('{1,1023,1024,1025,2047,2048,2999,4294967295}'::bigint[]) u;
SELECT is((SELECT count(*) FROM patchmail.taken_uid t WHERE t.mailbox = 'None'), 4::bigint, 'in few rows');
SELECT is(patchmail.new_uids(mail(mailbox => 'None'), '[1022,1023,1024,1025,1026,2047,2048,2049]'),
          '[1022, 1026, 2049]', 'and none of its neighbours');
UPDATE patchmail.cursor SET last_uid = 3000 WHERE mailbox = 'None';
SELECT is(patchmail.open_mailbox(mail(mailbox => 'None', uidvalidity => 9))->>'first', '2001',
          'new mail is looked for from the last gap but 1,000 on');
UPDATE patchmail.cursor SET trusted_uid = 2998 WHERE mailbox = 'None';
SELECT is(patchmail.open_mailbox(mail(mailbox => 'None', uidvalidity => 9))->>'first', '3000',
          'what counted as taken before the UIDs were kept has no gap');
SELECT is(patchmail.new_uids(mail(mailbox => 'None'), '[5,2998,2999,3000]'), '[3000]', 'nor is it new');
SELECT ok(NOT _patchmail.take_uid(mail(5, 'None', 9)), 'nor is it taken again');
UPDATE patchmail.cursor SET last_uid = 2000 WHERE mailbox = 'None';
SELECT is(patchmail.new_uids(mail(mailbox => 'None'), '[2001,2998]'), '[2001, 2998]',
          'what is above a cursor that was set back is new');

-- store()
CREATE FUNCTION store_uid(facts jsonb, uid bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', s.outcome, s.reason)
      FROM patchmail.store(facts, convert_to(facts::text, 'UTF8'), mail(uid, uidvalidity => 8, after => true)) s;
$$;
SELECT is(store_uid(facts_patch('<1@example.org>'), 3), 'stored', 'a mail is stored');
SELECT is(last_uid(), 3::bigint, 'a mail that is stored is taken');
SELECT is(store_uid(facts_patch('<2@example.org>'), 3), 'ignored: it has been taken from its mailbox before',
          'a UID that has been taken');
SELECT is((SELECT count(*) FROM patchmail.message), 1::bigint, 'stores nothing');
SELECT is(store_uid(facts_patch('<1@example.org>'), 4), 'duplicate: its Message-ID is known in project demo',
          'a Message-ID that is known is taken');
SELECT is(store_uid(facts_rejected('too deep', '<3@example.org>'), 5), 'quarantined: too deep',
          'a mail that goes into quarantine is taken');
SELECT is((SELECT source - '{transport,uidvalidity,after}'::text[] FROM patchmail.quarantine),
          '{"account": "a", "mailbox": "INBOX", "uid": 5}', 'the quarantine knows where the mail came from');
SELECT is((SELECT array_agg(uid ORDER BY uid) FROM patchmail.unsettled_uid WHERE mailbox = 'INBOX' AND account = 'a'),
          '{3,4,5}',
          'each of these mails is to be moved');
CREATE FUNCTION store_and(facts jsonb, uid bigint, more jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT s.outcome FROM patchmail.store(facts, '\x', mail(uid, uidvalidity => 8, after => true) || more) s;
$$;
SELECT is(store_and(facts_patch('<6@example.org>', list_id => 'nowhere.example.org'), 6, '{}'), 'ignored',
          'a mail of no project');
SELECT is(store_and(facts_patch('<7@example.org>', list_id => 'nowhere.example.org'), 7, '{"removes": true}'),
          'ignored',
          'another one, which would be removed');
SELECT is(store_and(facts_patch('<8@example.org>'), 8, '{"removes": true}'), 'stored',
          'a mail of a project is stored, though it would be removed');
SELECT is((SELECT array_agg(uid ORDER BY uid) FROM patchmail.unsettled_uid WHERE mailbox = 'INBOX' AND account = 'a'),
          '{3,4,5,6,8}', 'what nothing here has a copy of is not removed');
SAVEPOINT before;
SELECT is(store_uid(facts_patch('<4@example.org>'), 9), 'stored', 'a mail whose transaction fails');
ROLLBACK TO before;
SELECT is(last_uid(), 8::bigint, 'a mail whose transaction fails is not taken');

-- Rights
CREATE ROLE test_deliverer;
SELECT patchmail.add_deliverer('test_deliverer');
SET LOCAL ROLE test_deliverer;
SELECT lives_ok($$SELECT patchmail.lock_account(mail()), patchmail.unlock_account(mail()),
                patchmail.open_mailbox(mail(uidvalidity => 8)),
                         patchmail.defer_uid(mail(17, uidvalidity => 8), 'x'),
                         patchmail.forget_uid(mail(17, uidvalidity => 8)),
                         patchmail.settle_uid(mail(5, uidvalidity => 8)),
                         patchmail.new_uids(mail(), '[1]'),
                         patchmail.note_witness(mail(5, uidvalidity => 8), 'x')$$,
                'a deliverer may call what it needs');
SELECT throws_ok(query, '42501', NULL, query) FROM (VALUES
    ('SELECT * FROM patchmail.cursor'), ('UPDATE patchmail.cursor SET last_uid = 0'),
    ('DELETE FROM patchmail.deferred_uid'), ('SELECT * FROM patchmail.unsettled_uid'),
    ('SELECT _patchmail.take_uid(mail(18, uidvalidity => 8))'), ('SELECT * FROM patchmail.taken_uid')
) q (query);
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
