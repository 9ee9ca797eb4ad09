-- patchmail.doctor(): what the database says of itself, whoever asks; tests/t/doctor.t plants the faults.
\ir preamble.psql
\ir state.psql
SELECT no_plan();

CREATE FUNCTION said(of text, settings jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(d.level || ': ' || d.finding, '; ') FROM patchmail.doctor(settings) d WHERE d.subject = of;
$$;
SELECT is(said('projects'), 'failure: there is none, so all mail is ignored', 'no project');
SELECT make_project() AS project \gset
SELECT is(said('projects'), 'ok: 1: demo (demo.example.org)', 'a project');
SELECT make_project('p' || n, 'p' || n || '.example.org') FROM generate_series(1, 7) n;
SELECT is(said('projects'), 'ok: 8: demo (demo.example.org), p1 (p1.example.org), p2 (p2.example.org), '
          'p3 (p3.example.org), p4 (p4.example.org) and 3 more', 'of many projects some are named');
SELECT is((SELECT d.remedy FROM patchmail.doctor('{"lists": ["Demo.Example.org"]}') d WHERE d.subject = 'lists'), NULL,
          'what says itself what to do needs no remedy');
SELECT matches(said('lists', '{"lists": ["Demo.Example.org", "demo.example.org", "Demo.Example.org"]}'),
               '^failure: no project has the list id "Demo.Example.org"[^;]* \("demo.example.org" is there\)',
               'a list that is written otherwise is told once');

-- The last hour
SELECT is(said('mail'), 'warning: none has come yet', 'no mail');
SELECT store_mail(patch('a'));
SELECT store_mail(facts_comment('<w@example.org>', '{<nowhere@example.org>}'));
SELECT is(said('mail'), 'ok: in the last hour 1 were stored, and 1 replies came that wait for their parent; '
          'the last mail came 00:00:00 ago', 'mail of the last hour is counted');
UPDATE patchmail.message SET arrived = arrived - interval '2 hours';
SELECT is(said('mail'), 'ok: in the last hour 0 were stored, and 0 replies came that wait for their parent; '
          'the last mail came 02:00:00 ago', 'what came before is not');
SELECT is(said('quarantine'), 'ok: none in the last hour; 0 in all', 'an empty quarantine');
SELECT store_mail(facts_rejected('broken ' || chr(27) || '[2J'));
SELECT is(said('quarantine'), 'warning: 1 mails came into it in the last hour; the last one: broken \u001b[2J',
          'what a mail put there is printable');

-- Policies
SELECT patchmail.set_policy('demo', store => 'pass', otherwise => 'refuse');
SELECT is(said('policies'), 'ok: 1 have one, 1 refuse mail that does not meet it',
          'a policy may ask for anything where nobody says whom the configuration believes');
SELECT is(said('policies', '{"trusts": true}'), said('policies'), 'or where it believes somebody');
SELECT matches(said('policies', '{"trusts": false}'), '^failure: project demo stores .* so all its mail is refused$',
               'where nobody is believed, nothing passes');
SELECT patchmail.set_policy('demo', store => 'none');
SELECT is(said('policies', '{"trusts": false}'), said('policies'), 'none is what mail has there');

-- Roles: of whoever asks if he is to deliver, else of those that may
CREATE ROLE test_deliverer LOGIN;
SELECT patchmail.add_deliverer('test_deliverer');
SELECT is(said('role'), 'ok: these may deliver: test_deliverer', 'psql is told who may deliver');
SELECT matches(said('role', '{"role": true}'), '^warning: role \S+ may do more than it needs: ',
               'the owner may do more');
SET LOCAL SESSION AUTHORIZATION test_deliverer;
SELECT is((SELECT d.level || ': ' || d.finding FROM patchmail.doctor('{"role": true}') d WHERE d.subject = 'role'),
          'ok: role test_deliverer may deliver, and no more', 'a deliverer may ask, and is as it should be');
SELECT is((SELECT d.remedy FROM patchmail.doctor('{"role": true, "hooks": ["ci"]}') d
            WHERE d.subject = 'role' AND d.level = 'failure'),
          'as the owner of the schema: SELECT patchmail.add_notifier(''test_deliverer'')', 'hooks want a notifier');
RESET SESSION AUTHORIZATION;
CREATE ROLE test_notifier LOGIN;
SELECT patchmail.add_notifier('test_notifier');
SET LOCAL SESSION AUTHORIZATION test_notifier;
SELECT is((SELECT d.level || ': ' || d.finding FROM patchmail.doctor('{"role": true, "hooks": ["ci"]}') d
            WHERE d.subject = 'role'),
          'ok: role test_notifier may tell hooks of events, and no more', 'whoever serves hooks need not deliver');
RESET SESSION AUTHORIZATION;

-- The services
SELECT is(said('account a', '{"accounts": ["a"]}'), 'warning: nobody has followed it yet', 'an account that is new');
SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1}');
UPDATE patchmail.cursor SET holder = NULL, held_until = NULL;
SELECT is(said('account a', '{"accounts": ["a"]}'),
          'ok: 1 mailboxes are taken, not followed now, which is right with --once', 'one that cron takes');
SELECT patchmail.hook_open('ci', '{"holder": "h", "lease": 30, "from": "beginning"}');
SELECT matches(said('hook ci'), '^ok: it is served, and \d+ events behind$', 'a hook that is served');
SET CONSTRAINTS ALL IMMEDIATE;  -- events get their places
UPDATE patchmail.hook SET holder = NULL, held_until = NULL;
SELECT matches(said('hook ci'), '^warning: nobody serves it now, and it is \d+ events behind$', 'one that is not');

SELECT is_empty($$SELECT d.* FROM patchmail.doctor(NULL) d WHERE d.level IS NULL OR d.subject IS NULL
                     OR d.finding IS NULL$$, 'no row lacks anything, whatever is given');
SELECT is_empty($$SELECT d.* FROM patchmail.doctor() d WHERE d.level NOT IN ('ok', 'warning', 'failure')
                     OR d.level = 'ok' AND d.remedy IS NOT NULL$$, 'there are three levels, and ok asks for nothing');
SELECT * FROM finish();
ROLLBACK;
