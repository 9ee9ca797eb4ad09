-- That one process alone follows an IMAP account: patchmail.lock_account(), unlock_account(), open_mailbox(),
-- lock_cursor().
\ir preamble.psql
SELECT plan(43);
SELECT make_project();

-- What a process says of an account, a mailbox or a mail.
CREATE FUNCTION said(holder text, mailbox text DEFAULT NULL, uid bigint DEFAULT NULL, account text DEFAULT 'a',
                     gone text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'transport', 'imap', 'account', account, 'holder', holder, 'mailbox', mailbox,
        'uidvalidity', CASE WHEN mailbox IS NOT NULL THEN 7 END, 'uid', uid, 'gone', gone));
$$;
CREATE FUNCTION holders(account text DEFAULT 'a') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', c.mailbox, c.holder), ', ' ORDER BY c.mailbox)
      FROM patchmail.cursor c WHERE c.account = $1;
$$;
CREATE FUNCTION seconds_left(mailbox text DEFAULT 'INBOX') RETURNS integer LANGUAGE sql AS $$
    SELECT ceil(extract(epoch FROM c.held_until - clock_timestamp())) FROM patchmail.cursor c
     WHERE c.account = 'a' AND c.mailbox = $1;
$$;
CREATE FUNCTION pass_time() RETURNS void LANGUAGE sql AS $$
    UPDATE patchmail.cursor SET held_until = held_until - interval '31 seconds';
$$;

-- A new account
SELECT is(patchmail.lock_account(said('one')), NULL, 'an account that nobody follows');
SELECT is(patchmail.lock_account(said('two')), NULL, 'an account without a mailbox has nobody who follows it');
SELECT lives_ok($$SELECT patchmail.open_mailbox(said('one', 'INBOX'))$$,
                'the first to open a mailbox of an account gets it');
SELECT is(holders(), 'INBOX one', 'the first to open a mailbox holds it');
SELECT ok(seconds_left() BETWEEN 25 AND 30, 'a mailbox is held for half a minute');
SELECT throws_ok($$SELECT patchmail.open_mailbox(said('two', 'INBOX'))$$, '55006',
                 'another process follows the mailbox INBOX of a',
                 'another process cannot open a mailbox that is held');
SELECT is(patchmail.lock_account(said('two')), 'one', 'lock_account() says who follows the account');
SELECT is(holders(), 'INBOX one', 'to be refused changes nothing');
SELECT lives_ok($$SELECT patchmail.open_mailbox(said('one', 'Lists'))$$, 'a second mailbox of it');
SELECT is(patchmail.lock_account(said('two', account => 'b')), NULL, 'another account is free');

-- Kept
UPDATE patchmail.cursor SET held_until = held_until - interval '20 seconds';
SELECT is(patchmail.lock_account(said('one')), NULL, 'the holder may ask for its account again');
SELECT ok(seconds_left() BETWEEN 25 AND 30 AND seconds_left('Lists') BETWEEN 25 AND 30,
          'the holder that asks again has the account for as long again');
UPDATE patchmail.cursor SET held_until = held_until - interval '20 seconds';
SELECT ok(_patchmail.take_uid(said('one', 'INBOX', 1)), 'a mail is taken');
SELECT ok(seconds_left() BETWEEN 25 AND 30 AND seconds_left('Lists') < 15, 'a mail that is taken keeps the mailbox');
SELECT is(patchmail.lock_account(said('two')), 'one', 'a mail that is taken keeps the account');

-- Nobody else moves the cursor
SELECT throws_ok(query, '55006', 'another process follows the mailbox INBOX of a now', query) FROM (VALUES
    ($$SELECT _patchmail.take_uid(said('two', 'INBOX', 2))$$),
    ($$SELECT _patchmail.take_uid(said(NULL, 'INBOX', 2))$$),
    ($$SELECT patchmail.defer_uid(said('two', 'INBOX', 2), 'x')$$),
    ($$SELECT patchmail.store(facts_patch('<2@example.org>'), 'x', said('two', 'INBOX', 2))$$)
) q (query);
SELECT is((SELECT last_uid FROM patchmail.cursor WHERE account = 'a' AND mailbox = 'INBOX'), 1::bigint,
          'the cursor has not moved for who lost the mailbox');
SELECT is((SELECT count(*) FROM patchmail.message), 0::bigint, 'nothing is stored for who lost the mailbox');

-- Run out
SELECT pass_time();
SELECT ok(_patchmail.take_uid(said('one', 'INBOX', 2)), 'a lease that is over does no harm while nobody wants it');
SELECT pass_time();
SELECT is(patchmail.lock_account(said('two')), NULL, 'another process takes over an account whose lease is over');
SELECT is(holders(), 'INBOX two, Lists two', 'another process takes over all mailboxes');
SELECT throws_ok($$SELECT _patchmail.take_uid(said('one', 'INBOX', 3))$$, '55006', NULL,
                 'the former holder takes no mail');
SELECT is(patchmail.lock_account(said('one')), 'two', 'the former holder learns who has the account');
SELECT ok(NOT patchmail.unlock_account(said('one')), 'the former holder cannot give the account back');
SELECT is((patchmail.open_mailbox(said('two', 'INBOX')))->>'last_uid', '2', 'the next one goes on where it ended');
SELECT pass_time();
SELECT lives_ok($$SELECT patchmail.open_mailbox(said('three', 'INBOX'))$$, 'a single mailbox can be taken over too');
SELECT is(holders(), 'INBOX three, Lists two', 'a single mailbox belongs to whoever opens it');
SELECT is(patchmail.lock_account(said('two')), 'three', 'nobody has the account alone then');
SELECT lives_ok($$SELECT patchmail.open_mailbox(said('two', 'Lists'))$$, 'each keeps its part');

-- Given back, and gone
SELECT ok(patchmail.unlock_account(said('three')), 'a process gives its part back');
SELECT is(holders(), 'INBOX , Lists two', 'only the process that has it can give it back');
SELECT is(patchmail.lock_account(said('four')), 'two', 'the other one still has its part');
SELECT is(patchmail.lock_account(said('four', gone => 'three')), 'two', 'whoever else may be gone');
SELECT is(patchmail.lock_account(said('four', gone => 'two')), NULL, 'one that is known to be gone has nothing');
SELECT is(holders(), 'INBOX four, Lists four', 'the next process has all of it');
SELECT row_eq($$SELECT holder, held_until > now() FROM patchmail.imap WHERE account = 'a' AND mailbox = 'INBOX'$$,
              ROW('four'::text, true), 'an admin sees who it is');

-- Mailboxes of other roles
CREATE ROLE test_one;
CREATE ROLE test_two;
UPDATE patchmail.cursor SET deliverer = 'test_one' WHERE account = 'a';
SELECT patchmail.add_deliverer('test_one'), patchmail.add_deliverer('test_two');
SET SESSION AUTHORIZATION test_two;
SELECT is(patchmail.lock_account(said('evil', gone => 'four')), NULL, 'what another role follows');
SELECT ok(NOT patchmail.unlock_account(said('four')), 'cannot be freed');
RESET SESSION AUTHORIZATION;
SELECT is(holders(), 'INBOX four, Lists four', 'what another role follows cannot be taken');
SELECT patchmail.remove_deliverer('test_one');
SELECT is(holders(), 'INBOX , Lists ', 'a role that may follow no longer has nothing');

SELECT * FROM finish();
ROLLBACK;
