-- patchmail.housekeeping(), set_retention(), and what is left of mail that leaves the ledger.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset

SELECT results_eq('SELECT what, keep FROM patchmail.retention ORDER BY what',
                  $$VALUES ('audit', NULL), ('ignored', interval '30 days'), ('overdue', '30 days'),
                           ('quarantine', NULL), ('raw', '1 year'), ('undelivered', NULL), ('waiting', '30 days')$$,
                  'how long what is kept at first');
SELECT store_all(reply('old', 'x'), reply('young', 'x2'), reply('tied', 'y'), patch('p', answers => 'y'), patch('q'));
SELECT store_mail(patch('u', more => '{"list_ids": [{"field": "List-Id", "id": "no.example.net"}]}'));
SELECT store_mail(facts_rejected('broken'));
INSERT INTO patchmail.overdue (sha256, seconds, newest) VALUES ('00', 20, 0);
SELECT patchmail.set_policy('demo', relate => true);
DELETE FROM patchmail.audit;
SELECT is_empty('SELECT * FROM patchmail.housekeeping()', 'there is nothing to do yet');

UPDATE patchmail.message SET arrived = now() - interval '31 days' WHERE word(msgid) IN ('old', 'tied');
UPDATE patchmail.ignored_mail SET last_at = now() - interval '31 days';
UPDATE patchmail.overdue SET last_try = now() - interval '31 days';
UPDATE patchmail.quarantine SET last_try = now() - interval '31 days';
INSERT INTO patchmail.policy (project_id) VALUES (9999);
CREATE FUNCTION kept() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', (SELECT string_agg(word(m.msgid), ' ' ORDER BY m.msgid) FROM patchmail.message m),
                     (SELECT count(*) FROM patchmail.ignored_mail), (SELECT count(*) FROM patchmail.overdue),
                     (SELECT count(*) FROM patchmail.quarantine), (SELECT count(*) FROM patchmail.policy),
                     (SELECT count(*) FROM patchmail.audit));
$$;
SELECT results_eq('SELECT function, object, coalesce(before->>''waiting'', before->>''removed'')
                     FROM patchmail.housekeeping(dry_run => true)',
                  $$VALUES ('expire', 'project', '1'), ('housekeeping', 'ignored', '1'),
                           ('housekeeping', 'overdue', '1')$$, 'a dry run shows what is too old');
SELECT is(kept(), 'old p q tied young 1 1 1 2 0', 'and changes nothing');
SELECT results_eq('SELECT function, object FROM patchmail.housekeeping()',
                  $$VALUES ('expire', 'project'), ('housekeeping', 'ignored'), ('housekeeping', 'overdue')$$,
                  'the real one says the same');
SELECT is(kept(), 'p q tied young 0 0 1 1 3', 'what was too old is gone, with the policy of no project');
SELECT is_empty('SELECT * FROM patchmail.housekeeping()', 'then there is nothing left to do');

-- Ages
SELECT is((SELECT concat(a.before->>'keep', ' ', a.after->>'keep')
             FROM patchmail.set_retention('quarantine', '30 days') a),
          ' 30 days', 'set_retention() tells of the change');
SELECT results_eq('SELECT object FROM patchmail.housekeeping()', $$VALUES ('quarantine')$$, 'what is in quarantine');
SELECT is_empty('SELECT * FROM patchmail.quarantine_part', 'with its bytes');
SELECT patchmail.set_retention('audit', '1 hour');
UPDATE patchmail.audit SET at = now() - interval '2 hours';
SELECT results_eq($$SELECT object, before->>'removed' FROM patchmail.housekeeping()$$, $$VALUES ('audit', '6')$$,
                  'the audit itself; that it was cut stays in it');
SELECT patchmail.set_retention('waiting', NULL);
UPDATE patchmail.message SET arrived = now() - interval '99 years' WHERE word(msgid) = 'young';
SELECT is_empty('SELECT * FROM patchmail.housekeeping()', 'NULL is for ever');
UPDATE patchmail.message SET arrived = now() WHERE word(msgid) = 'young';
SELECT throws_ok($$SELECT patchmail.set_retention('mail', '1 day')$$, '22023',
                 'of "mail" nothing is kept for a while: there are audit, ignored, overdue, quarantine, raw, '
                 'undelivered, waiting',
                 'there is nothing else');
SELECT throws_ok($$SELECT patchmail.set_retention(NULL, '1 day')$$, '22023', NULL, 'nor NULL');
SELECT throws_ok($$SELECT patchmail.set_retention('audit', '-1 day')$$, '22023',
                 'the age has to be 0 or more, such as ''30 days''', 'no age below nothing');

-- A mail with two Message-IDs that leaves the ledger takes the second one with it.
SELECT store_mail(reply('wrap', 'gone', more => '{"wrapped_message_id": "<inner@example.org>"}'));
SELECT is((SELECT count(*) FROM patchmail.alias), 1::bigint, 'a reply has two Message-IDs, and waits');
UPDATE patchmail.message SET arrived = now() - interval '40 days' WHERE word(msgid) = 'wrap';
SELECT patchmail.expire();
SELECT is((SELECT count(*) FROM patchmail.alias), 0::bigint, 'neither stands for anything once the mail has expired');
SELECT is(store_mail(patch('inner')), 'stored', 'the wrapped mail comes by itself');
SELECT store_mail(reply('s', 'inner'));
SELECT is(all_comments(), 's>inner tied>? young>?', 'and is answered');
SELECT is_empty('SELECT * FROM patchmail.check()', 'check() finds nothing');

-- A mail with a Depends-on line whose author is deleted leaves no reference.
SELECT store_mail(patch('d', who => 'dan', more => '{"depends_on": [{"message_id": "<q@example.org>"}]}'));
DELETE FROM public.patchwork_series_dependencies;
DELETE FROM public.patchwork_event WHERE patch_id = (patch_of('d')).id OR series_id = (series_of('d')).id;
DELETE FROM public.patchwork_patch WHERE word(msgid) = 'd';
DELETE FROM public.patchwork_series s USING public.patchwork_person p WHERE p.id = s.submitter_id AND p.name = 'dan';
DELETE FROM public.patchwork_person WHERE name = 'dan';
SELECT results_eq('SELECT function FROM patchmail.housekeeping()', $$VALUES ('tidy')$$, 'his mail is forgotten');
SELECT is_empty('SELECT * FROM patchmail.check()', 'and nothing of it is left');

-- A comment that an admin moved is still known when its parent in the ledger changes.
SELECT store_all(reply('m', 'later q'));
UPDATE public.patchwork_event SET patch_id = (patch_of('p')).id WHERE patch_comment_id = (ledger('m')).patchcomment_id;
UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('p')).id WHERE word(msgid) = 'm';
SELECT store_mail(patch('later'));
SELECT is(all_comments(), 'm>p s>inner tied>? young>?', 'it stays where it was moved');
SELECT isnt((ledger('m')).patchcomment_id, NULL, 'and the ledger knows its row');
SELECT is_empty('SELECT * FROM patchmail.check()', 'so check() finds nothing');

SELECT * FROM finish();
ROLLBACK;
