-- patchmail.release(), retry(), discard() and the view patchmail.quarantined: mail in quarantine can be worked with.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT patchmail.set_policy('demo', store => 'pass');

-- patchmaild retry, with the facts at hand.
CREATE FUNCTION given(mail jsonb, source jsonb DEFAULT '{"transport": "deliver"}') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', s.outcome, s.reason) FROM patchmail.store(mail, convert_to(mail->>'message_id', 'UTF8'),
                                                                     source) s;
$$;
CREATE FUNCTION id_of(word text) RETURNS bigint LANGUAGE sql AS $$
    SELECT q.id FROM patchmail.quarantine q WHERE q.msgid = (msgids(word))[1] ORDER BY q.id DESC LIMIT 1;
$$;
CREATE FUNCTION tried_again(mail jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT given(mail, jsonb_build_object('transport', 'retry', 'quarantine_id', id_of(word(mail->>'message_id'))));
$$;

-- Held by policy, and released alone
SELECT is(given(patch('h1')) || given(patch('h2')),
          'quarantined: policy of project demo: its verdict is none (nobody says anything of the author), at least '
          'pass is asked forquarantined: policy of project demo: its verdict is none (nobody says anything of the '
          'author), at least pass is asked for', 'two mails are held');
SELECT results_eq($$SELECT projects, author, verdict, subject, msgid, size, attempts, transport, mark, age
                  FROM patchmail.quarantined$$,
                  $$VALUES ('demo', 'ada <ada@example.org>', 'none', '[PATCH] h1', '<h1@example.org>', 16::bigint, 1,
                            'deliver', NULL, interval '0'),
                           ('demo', 'ada <ada@example.org>', 'none', '[PATCH] h2', '<h2@example.org>', 16, 1, 'deliver',
                            NULL, interval '0')$$,
                  'the view says what they are');
SELECT alike(reason, 'policy of project demo: %', 'the view says why they are there') FROM patchmail.quarantined;
SELECT alike(tried_again(patch('h1')), 'quarantined: %',
             'a caller who says that it is from the quarantine releases nothing');
SELECT results_eq(format('SELECT * FROM patchmail.release(%s)', id_of('h1')),
                  format($$VALUES (%s::bigint, 'marked', '"patchmaild retry" tries it again')$$, id_of('h1')),
                  'one is released');
SELECT results_eq('SELECT msgid, mark, marked_by = session_user FROM patchmail.quarantined',
                  $$VALUES ('<h1@example.org>', 'release', true), ('<h2@example.org>', NULL, NULL)$$,
                      'the view says that a mail is released');
SELECT results_eq('SELECT * FROM patchmail.next_marked(0, 100)',
                  format($$VALUES (%s::bigint, '{"transport": "deliver"}'::jsonb, '<h1@example.org>'::bytea)$$,
                         id_of('h1')),
                  'the program is given its bytes');
SELECT is((patchmail.next_marked(id_of('h1'), 100)).id, NULL, 'after it there is no marked mail');
SELECT alike(given(patch('h2'), jsonb_build_object('quarantine_id', id_of('h1'))), 'quarantined: %',
             'other bytes are not released by it');
SELECT alike(given(patch('h1')), 'quarantined: %', 'the mail that comes again by itself is not released');
SELECT is(tried_again(patch('h1')), 'stored', 'a released mail is stored though the policy stands');
SELECT is((ledger('h1')).verdict_reason, 'nobody says anything of the author; released by ' || session_user,
          'the ledger notes that a mail was released');
SELECT results_eq('SELECT msgid, attempts FROM patchmail.quarantined', $$VALUES ('<h2@example.org>', 2)$$,
                  'it is in quarantine no more, the other stays');
SELECT is_empty($$SELECT FROM patchmail.quarantine_part WHERE quarantine_id <> id_of('h2')$$,
          'the bytes of a released mail are in quarantine no more');
SELECT is(given(patch('h1')), 'duplicate: its Message-ID is known in project demo',
          'a released mail that comes again is a duplicate');

-- Tried again
SELECT patchmail.retry(id_of('h2'));
SELECT alike(tried_again(patch('h2')), 'quarantined: policy of project demo%', 'a retry does what policy says');
SELECT results_eq('SELECT msgid, attempts, mark FROM patchmail.quarantined', $$VALUES ('<h2@example.org>', 3, NULL)$$,
                  'it stays, and is not tried again by itself');
SELECT patchmail.set_policy('demo', store => 'ambiguous');
SELECT patchmail.retry(id_of('h2'));
SELECT is(tried_again(patch('h2')), 'stored', 'when policy asks for less it is stored');
SELECT is_empty('SELECT FROM patchmail.quarantined', 'a mail that was stored by a retry is gone from quarantine');
SELECT is((ledger('h2')).verdict_reason, 'nobody says anything of the author', 'nobody released it');

-- One that could not be parsed, or is of no project now
SELECT is(given(facts_rejected('too odd', '<odd@example.org>')), 'quarantined: too odd',
          'a mail that cannot be parsed');
SELECT patchmail.release(id_of('odd'));
SELECT is(tried_again(facts_rejected('still odd', '<odd@example.org>')), 'quarantined: still odd',
          'a released mail that cannot be parsed is quarantined again');
SELECT results_eq('SELECT reason, attempts, mark FROM patchmail.quarantined', $$VALUES ('still odd', 2, NULL)$$,
          'a mail that still cannot be stored stays with the new reason');
SELECT patchmail.retry(id_of('odd'));
SELECT alike(tried_again(patch('odd') || '{"list_ids": []}'), 'ignored: it has no list id',
             'one that would be ignored');
SELECT results_eq('SELECT reason, attempts, mark FROM patchmail.quarantined',
                  $$VALUES ('ignored: it has no list id', 3, NULL)$$,
          'a mail that would be ignored stays: its bytes are here alone');
SELECT patchmail.retry(id_of('odd'));
SELECT is(tried_again(patch('odd')), 'stored', 'one that can be parsed is stored');
SELECT is_empty('SELECT FROM patchmail.quarantined', 'a mail that can be parsed now is gone from quarantine');

-- For two projects
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT patchmail.set_policy('second', store => 'pass');
CREATE FUNCTION to_both(facts jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT facts || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}, '
                                 '{"field": "List-Id", "id": "demo.example.org"}]}';
$$;
SELECT is(given(to_both(patch('both'))), 'stored', 'a mail that one project stores and another one holds');
SELECT is(projects, 'demo second', 'the view names both') FROM patchmail.quarantined;
SELECT patchmail.retry(id_of('both'));
SELECT is(tried_again(to_both(patch('both'))), 'duplicate: its Message-ID is known in project demo',
          'tried again it is known in the one');
SELECT is((SELECT count(*) FROM patchmail.quarantined), 1::bigint, 'a mail stays for the other project');
SELECT patchmail.release(id_of('both'));
SELECT is(tried_again(to_both(patch('both'))), 'stored', 'released it is there too');
SELECT is_empty('SELECT FROM patchmail.quarantined', 'a mail that was released for the other project is gone');

-- Two mails with one Message-ID
SELECT store_mail(with_verdict(patch('id', '1/2', '', content => 'the first'), 'none')), store_mail(reply('r', 'id'));
SELECT alike(given(patch('id', '1/2', content => 'the second', who => 'bob')),
             'quarantined: project demo has another mail with its Message-ID%', 'the second one is held');
SELECT patchmail.release(id_of('id'));
SELECT is(tried_again(patch('id', '1/2', content => 'the second', who => 'bob')), 'stored',
          'released it takes the place');
SELECT is((patch_of('id')).content, 'the second', 'a released mail takes the place of the first');
SELECT results_eq('SELECT projects, author, subject, transport, reason FROM patchmail.quarantined',
    $$VALUES ('demo', 'ada <ada@example.org>', '[1/2] id', 'database',
              'project demo has another mail with its Message-ID, whose verdict is none')$$,
    'the first mail is in quarantine now');
SELECT is((ledger('r')).waiting IS NOT NULL OR (ledger('r')).parent_id = (ledger('id')).id, true,
          'a reply to the first mail answers the released one');
CREATE TEMP TABLE before AS SELECT id_of('id') AS id;
SELECT results_eq('SELECT outcome, reason FROM before b, patchmail.retry(b.id)',
                  $$VALUES ('quarantined',
                            'project demo has another mail with its Message-ID, whose verdict is none')$$,
                  'tried again it stays: of two alike the first has it');
SELECT results_eq('SELECT outcome, reason FROM before b, patchmail.release(b.id)', $$VALUES ('stored', NULL::text)$$,
                  'released it is back at once');
SELECT results_eq($$SELECT content, diff, name::text, hash::text, (p).number::int, headers FROM patch_of('id') p$$,
                  $$SELECT 'the first', f->>'diff', '[1/2] id', f->>'hash', 1, f->>'headers'
                      FROM patch('id', '1/2') f$$, 'as it was');
SELECT is((ledger('id')).title, 'id', 'the ledger is as it was');
SELECT is((ledger('r')).parent_id, (ledger('id')).id, 'its answers are with it');
SELECT results_eq('SELECT author FROM patchmail.quarantined', $$VALUES ('bob <bob@example.org>')$$,
          'the second mail is in quarantine again');
SELECT results_eq('SELECT outcome FROM patchmail.release(id_of(''id''))', $$VALUES ('stored')$$,
          'the two can change places again');
UPDATE patchmail.message SET adopted = true WHERE msgid = '<id@example.org>';
SELECT results_eq('SELECT outcome FROM patchmail.release(id_of(''id''))', $$VALUES ('quarantined')$$,
                  'what Patchwork stored itself keeps its place');
UPDATE patchmail.message SET adopted = false WHERE msgid = '<id@example.org>';
SELECT is((patch_of('id')).content, 'the second', 'what Patchwork stored itself is still there');

-- The other kinds come back as they were, too
CREATE FUNCTION circle(first jsonb, second jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    word text := word(first->>'message_id');
BEGIN
    PERFORM store_mail(first);
    RETURN NEXT state();
    PERFORM given(second);
    PERFORM patchmail.release(id_of(word));
    PERFORM tried_again(second);
    PERFORM patchmail.release(id_of(word));
    PERFORM patchmail.discard(id_of(word));
    RETURN NEXT state();
END
$$;
SELECT is((array_agg(c))[2], (array_agg(c))[1], 'a cover letter is displaced and comes back')
  FROM circle(cover('co', 2), cover('co', 2, who => 'bob')) c;
SELECT is((array_agg(c))[2], (array_agg(c))[1], 'a comment')
  FROM circle(reply('cm', 'h1', more => '{"hints": {"action_required": true}}'), reply('cm', 'h1', who => 'bob')) c;
SELECT is((array_agg(c))[2], (array_agg(c))[1], 'a comment that waits')
  FROM circle(reply('cw', 'nothing', more => '{"hints": {"action_required": true}}'),
              reply('cw', 'nothing', who => 'bob')) c;
SELECT is((array_agg(c))[2], (array_agg(c))[1], 'a patch with dependencies and results')
  FROM circle(with_verdict(patch('dp',
      more => '{"depends_on": [{"message_id": "<h1@example.org>"}, {"series_id": 1}]}'), 'none', 'x',
      jsonb_build_array(result(3))),
              patch('dp', who => 'bob')) c;
SELECT is((array_agg(c))[2], (array_agg(c))[1], 'a pull request')
  FROM circle(patch('pr', more => '{"diff": null, "hash": null, "pull_url": "git://example.org/x main"}'),
              patch('pr', who => 'bob')) c;

-- Too large, and thrown away
SELECT given(facts_rejected('large', '<large@example.org>'));
SELECT patchmail.retry(id_of('large'));
SELECT results_eq('SELECT id, raw FROM patchmail.next_marked(0, 3)',
                  format('VALUES (%s::bigint, NULL::bytea)', id_of('large')),
                  'what is larger than the program takes is named without its bytes');
SELECT is((patchmail.next_marked(0, 3)).id, NULL, 'a mail that is too large is not marked once more');
SELECT store_mail(facts_rejected(E'evil \u001b[2J', '<evil@example.org>', E'x\u202e\u001b]0;')) ;
SELECT results_eq($$SELECT subject, reason FROM patchmail.quarantined WHERE msgid = '<evil@example.org>'$$,
                  $$VALUES ('x\u202e\u001b]0;', 'evil \u001b[2J')$$, 'what mail says there is safe for terminals');
SELECT throws_ok(format('SELECT patchmail.discard(%s, 999999)', id_of('large')), 'P0002',
                 'mail 999999 is not in quarantine', 'an id that is not there');
SELECT throws_ok(format('SELECT patchmail.release(%s, 999999)', id_of('large')), 'P0002',
                 'mail 999999 is not in quarantine',
          'release() and retry() say that an id is not there');
SELECT results_eq(format('SELECT * FROM patchmail.discard(%s, %s)', id_of('evil'), id_of('large')),
                  format($$VALUES (%s::bigint, '<evil@example.org>', 'x\u202e\u001b]0;'),
                         (%s, '<large@example.org>', NULL)$$, id_of('evil'), id_of('large')),
                  'several are thrown away at once');
SELECT is_empty($$SELECT FROM patchmail.quarantine WHERE msgid IN ('<evil@example.org>', '<large@example.org>')$$,
          'what was thrown away is gone');

SELECT * FROM finish();
ROLLBACK;
