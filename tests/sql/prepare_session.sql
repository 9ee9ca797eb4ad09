-- patchmail.prepare_session(): a new session learns of what store() needs.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
CREATE ROLE test_deliverer;
SELECT patchmail.add_deliverer('test_deliverer');

SET LOCAL ROLE test_deliverer;
SELECT lives_ok('SELECT patchmail.prepare_session()', 'a deliverer may call it');
SELECT lives_ok('SELECT patchmail.prepare_session()', 'and again');
RESET ROLE;
SELECT is((SELECT sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del) FROM pg_stat_xact_user_tables t
            WHERE t.relname ~ '^(patchwork_(patch|series|event|person)|message|reference|ignored_mail)$'),
          0::numeric, 'it writes nothing');
SELECT is(current_setting('lock_timeout'), '0', 'a lock is waited for as before');

-- Whatever it does not name is met by the mail, which has to wait for that.
SELECT store_mail(patch('a'));
SELECT is_empty($$
    SELECT t.relid::regclass FROM pg_stat_xact_user_tables t, pg_proc p
     WHERE p.oid = 'patchmail.prepare_session()'::regprocedure AND t.n_tup_ins > 0
       AND t.schemaname IN ('public', 'patchmail') AND t.relname NOT IN ('patchwork_project', 'audit')
       AND p.prosrc !~ format('FROM %s\.%s\M', t.schemaname, t.relname)
$$, 'it names each table into which a patch is entered');

SELECT * FROM finish();
ROLLBACK;
