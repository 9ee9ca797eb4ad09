-- Many mails of an IMAP mailbox at a time: patchmail.expect_uids(), _patchmail.take_uids() in store_many(), and whom
-- patchmail.open_mailbox() blames for what did not come.
\ir preamble.psql
\ir state.psql
SELECT plan(38);
SELECT make_project();

CREATE FUNCTION place(uid bigint DEFAULT NULL, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('transport', 'imap', 'account', 'a', 'mailbox', 'INBOX',
                                                'uidvalidity', 7, 'holder', 'me', 'attempts', 3, 'retry', 60,
                                                'uid', uid)) || more;
$$;
-- "UID attempts", with "*" if it is asked for.
CREATE FUNCTION noted() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat(d.uid, ' ', d.attempts, CASE WHEN d.asked THEN '*' END), ', ' ORDER BY d.uid)
      FROM patchmail.deferred_uid d;
$$;
-- Those that are to be asked for, "UID attempts", and "alone"; then how many others there are.
CREATE FUNCTION opened(more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT concat((SELECT string_agg(concat_ws(' ', d.value->>'uid', d.value->>'attempts',
                                               CASE WHEN (d.value->>'alone')::boolean THEN 'alone' END), ', '
                                     ORDER BY d.ordinality)
                     FROM jsonb_array_elements(o->'deferred') WITH ORDINALITY d), '|', o->>'later')
      FROM patchmail.open_mailbox(place(more => more)) o;
$$;
CREATE FUNCTION unsettled() RETURNS bigint[] LANGUAGE sql AS $$
    SELECT array_agg(u.uid ORDER BY u.uid) FROM patchmail.unsettled_uid u;
$$;
-- The outcomes of these mails, given together.
CREATE FUNCTION many(mails jsonb[], uids bigint[], more jsonb DEFAULT '{}') RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(coalesce(s.outcome, '') ORDER BY s.number)
      FROM patchmail.store_many(to_jsonb(mails), (SELECT jsonb_agg(place(u.uid, more) ORDER BY u.n)
                                                    FROM unnest(uids) WITH ORDINALITY u(uid, n))) s;
$$;
CREATE FUNCTION last_uid() RETURNS bigint LANGUAGE sql AS $$ SELECT c.last_uid FROM patchmail.cursor c; $$;

-- Asking
SELECT is(opened(), '|0', 'an empty mailbox');
UPDATE patchmail.cursor SET moved = '2026-01-01Z';
SELECT is(patchmail.expect_uids(place(), '{3,5,4,4294967295,5}'), 4, 'mails that are asked for');
SELECT is(noted(), '3 0*, 4 0*, 5 0*, 4294967295 0*', 'they are noted, once each');
SELECT row_eq('SELECT last_uid, moved FROM patchmail.cursor', ROW(4294967295, '2026-01-01Z'::timestamptz),
              'the cursor is past them, and nothing has come yet');
SELECT is((SELECT deferred FROM patchmail.imap), 0::bigint, 'what is on its way is not deferred');
SELECT is((SELECT sum(deferred) FROM patchmail.status), 0::numeric, 'nor for the status');
SELECT is(patchmail.new_uids(place(), '[2, 3, 4]'), '[2]', 'they are known');
SELECT is(patchmail.forget_uid(place(4294967295)), true, 'one is gone');
SELECT is(patchmail.new_uids(place(), '[4, 4294967295]'), '[4294967295]', 'if it comes after all it is new');
UPDATE patchmail.cursor SET last_uid = 5;
SELECT is(patchmail.expect_uids(place(), '{}'), 0, 'no mails');
SELECT throws_ok($$SELECT patchmail.expect_uids(place(more => '{"holder": "other"}'), '{9}')$$, '55006', NULL,
                 'a mailbox that another process has');
SELECT throws_ok($$SELECT patchmail.expect_uids(place(more => '{"uidvalidity": 8}'), '{9}')$$, '40001', NULL,
                 'another UIDVALIDITY');

-- Taking, in any order and some of them
SELECT is(many(ARRAY[facts_patch('<5@example.org>'), facts_patch('<3@example.org>')], '{5,3}', '{"after": true}'),
          '{stored,stored}', 'mails that come in another order');
SELECT is(noted() || '|' || unsettled()::text, '4 0*|{3,5}', 'the other one is still to come');
SELECT is(last_uid(), 5::bigint, 'the cursor stays');
SELECT is(many(ARRAY[facts_patch('<5b@example.org>'), facts_patch('<6@example.org>')], '{5,6}'), '{ignored,stored}',
          'a mail is taken once, and one that nobody asked for is taken too');
SELECT is_empty($$SELECT FROM patchmail.message WHERE msgid = '<5b@example.org>'$$, 'what was taken is not stored');
SELECT is(last_uid(), 6::bigint, 'the cursor is at the last one');
SELECT is(patchmail.new_uids(place(), '[4, 5, 6, 7]'), '[7]', 'all are known');

-- What the batch leaves to the caller stays noted
DO $$BEGIN PERFORM patchmail.expect_uids(place(), '{10,11,12}'); END$$;
SELECT is(many(ARRAY[facts_patch('<10@example.org>'), facts_rejected('too large'), facts_patch('<12@example.org>')],
               '{10,11,12}'), '{stored,"",stored}', 'one mail has to be given alone');
SELECT is(noted(), '4 0*, 11 0*', 'it is still to come, though later ones are taken');
SELECT is((SELECT s.outcome FROM patchmail.store(facts_rejected('too large'), '\x41', place(11)) s), 'quarantined',
          'given alone it is taken');
SELECT is(noted(), '4 0*', 'and no longer noted');

-- What is not kept here is not removed there
SELECT is(many(ARRAY[facts_patch('<13@example.org>') || '{"hints": {"ignore": true}}',
                     facts_patch('<14@example.org>')], '{13,14}', '{"after": true, "removes": true}'),
          '{ignored,stored}', 'mails of which one is ignored');
SELECT is(unsettled(), '{3,5,14}', 'what is ignored is not removed');
SELECT is(many(ARRAY[facts_patch('<15@example.org>') || '{"hints": {"ignore": true}}'], '{15}', '{"after": true}'),
          '{ignored}', 'a mail that is ignored, and is to be flagged');
SELECT is(unsettled(), '{3,5,14,15}', 'is flagged');
SELECT throws_ok($$SELECT many(ARRAY[facts_patch('<16@example.org>')], '{16}', '{"holder": "other"}')$$, '55006', NULL,
                 'a batch of a mailbox that another process has fails');

-- Whose fault it is
SELECT is(opened(), '4 0|0', 'what the process itself did not take is no mail''s fault');
DO $$BEGIN PERFORM patchmail.expect_uids(place(), '{4}'); END$$;
SELECT ok(patchmail.unlock_account(place()), 'a process that ends in order');
SELECT is(noted(), '4 0', 'leaves no blame');
DO 'BEGIN PERFORM opened(), patchmail.expect_uids(place(), ''{4}''); END';
UPDATE patchmail.cursor SET held_until = now() - interval '1 second';
SELECT is(opened('{"holder": "next"}'), '4 0|0', 'of one that was killed the mails are asked for again, together');
DO $$BEGIN PERFORM patchmail.expect_uids(place(more => '{"holder": "next"}'), '{4}'); END$$;
SELECT is(noted(), '4 1*', 'that counts as an attempt');
UPDATE patchmail.cursor SET held_until = now() - interval '1 second';
SELECT is(opened('{"holder": "third"}'), '4 1 alone|0', 'and the next time each is asked for alone');
SELECT is(patchmail.defer_uid(place(4, '{"holder": "third", "withheld": true}'), 'it dies'), 2, 'the server dies');
SELECT is(opened('{"holder": "third"}'), '4 2 alone|0', 'the next visit asks again: it may have been the network');
DO $$BEGIN PERFORM patchmail.defer_uid(place(4, '{"holder": "third", "withheld": true}'), 'it dies'); END$$;
UPDATE patchmail.deferred_uid SET last_try = now() - interval '3599 seconds';
SELECT is(opened('{"holder": "third"}'), '|1', 'after so many attempts for an hour');
SELECT is(opened('{"holder": "third", "attempts": 4}'), '4 3 alone|0', 'if that is so many');

SELECT * FROM finish();
ROLLBACK;
