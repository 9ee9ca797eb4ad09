-- patchmail.add_deliverer(): the daemon's role may deliver, and do nothing else.
\ir preamble.psql
SELECT plan(23);

CREATE ROLE "test Deliverer";
CREATE ROLE test_stranger;
CREATE FUNCTION execute_rights(role name) RETURNS SETOF regprocedure LANGUAGE sql AS $$
    SELECT p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace AND has_schema_privilege(role, 'patchmail', 'USAGE')
       AND has_function_privilege(role, p.oid, 'EXECUTE');
$$;

SELECT is_empty($$SELECT execute_rights('test Deliverer')$$, 'no rights before');
SELECT throws_ok($$SELECT patchmail.add_deliverer('nobody at all')$$, 'P0001', 'there is no role "nobody at all"',
                 'the role has to be there');
SELECT lives_ok($$SELECT patchmail.add_deliverer('test Deliverer')$$, 'a role whose name wants quotes');
SELECT lives_ok($$SELECT patchmail.add_deliverer('test Deliverer')$$, 'again changes nothing');
SELECT set_eq($$SELECT execute_rights('test Deliverer')$$,
              $$VALUES ('patchmail.schema_version()'::regprocedure), ('patchmail.store(jsonb,bytea,jsonb)'),
                       ('patchmail.overdue(jsonb,bytea,jsonb,integer)'),
                       ('patchmail.quarantine_append(bigint,bytea)'), ('patchmail.explain(jsonb,jsonb)'),
                       ('patchmail.project_names(jsonb,jsonb)'), ('patchmail.lock_account(jsonb)'),
                       ('patchmail.open_mailbox(jsonb)'), ('patchmail.defer_uid(jsonb,text)'),
                       ('patchmail.forget_uid(jsonb)'), ('patchmail.settle_uid(jsonb)')$$,
              'these functions, no more');
SELECT ok(NOT has_schema_privilege('test Deliverer', 'patchmail', 'CREATE'), 'it makes nothing in the schema');
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c
     WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace) AND c.relkind IN ('r', 'p')
       AND c.relname ~ '^(patchwork|auth|authtoken|django)_|^(message|authentication|policy|quarantine|installed|cursor|deferred_uid|unsettled_uid|unplaced|overdue)'
       AND has_table_privilege('test Deliverer', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
$$, 'no right on a table');
SELECT is_empty($$SELECT execute_rights('test_stranger')$$, 'others get nothing by it');

SET LOCAL ROLE "test Deliverer";
SELECT is(patchmail.schema_version(), 4, 'it may ask for the version');
SELECT throws_ok(query, '42501', NULL, query) FROM (VALUES
    ('SELECT * FROM patchmail.installed'), ('SELECT * FROM patchmail.message'), ('SELECT * FROM patchmail.quarantine'),
    ('DELETE FROM patchmail.quarantine_part'), ('SELECT * FROM public.patchwork_patch'),
    ('UPDATE public.patchwork_patch SET archived = true'), ('SELECT * FROM public.auth_user'),
    ($$SELECT patchmail.add_deliverer('test_stranger')$$),
    ($$SELECT patchmail.add_project('a', 'A', 'a.example.org', 'a@example.org')$$),
    ($$SELECT patchmail.patch_json(1, 'http://example.org')$$), ('SELECT patchmail.quarantine_raw(1)'),
    ('CREATE TABLE patchmail.mine ()')
) q (query);
RESET ROLE;

GRANT USAGE ON SCHEMA patchmail TO test_stranger;
GRANT EXECUTE ON FUNCTION patchmail.add_deliverer(name) TO test_stranger;
SET LOCAL ROLE test_stranger;
SELECT throws_ok($$SELECT patchmail.add_deliverer('test_stranger')$$, 'P0001',
                 'only the owner of schema patchmail can add a deliverer', 'who may call it still cannot grant');
RESET ROLE;
SELECT set_eq($$SELECT execute_rights('test_stranger')$$, $$VALUES ('patchmail.add_deliverer(name)'::regprocedure)$$,
              'and has got nothing');

SELECT * FROM finish();
ROLLBACK;
