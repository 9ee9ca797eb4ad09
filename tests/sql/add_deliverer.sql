-- patchmail.add_deliverer(), remove_deliverer() and excess_rights(): a deliverer may deliver, and do nothing else.
\ir preamble.psql
SELECT plan(50);

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
SELECT lives_ok($$SELECT patchmail.add_deliverer('test Deliverer')$$, 'add_deliverer() again changes nothing');
SELECT set_eq($$SELECT execute_rights('test Deliverer')$$,
              $$VALUES ('patchmail.doctor(jsonb)'::regprocedure), ('patchmail.schema_version()'),
                       ('patchmail.store(jsonb,bytea,jsonb)'),
                       ('patchmail.store_many(jsonb,jsonb,bytea[])'),
                       ('patchmail.overdue(jsonb,bytea,jsonb,integer)'), ('patchmail.facts_fault(text)'),
                       ('patchmail.next_marked(bigint,bigint)'),
                       ('patchmail.quarantine_append(bigint,bytea)'), ('patchmail.explain(jsonb,jsonb)'),
                       ('patchmail.foresee(jsonb,jsonb)'), ('patchmail.projects_digest()'),
                       ('patchmail.project_names(jsonb,jsonb)'), ('patchmail.lock_account(jsonb)'),
                       ('patchmail.unlock_account(jsonb)'),
                       ('patchmail.open_mailbox(jsonb)'), ('patchmail.defer_uid(jsonb,text)'),
                       ('patchmail.expect_uids(jsonb,bigint[])'), ('patchmail.new_uids(jsonb,text)'),
                       ('patchmail.note_witness(jsonb,text)'), ('patchmail.list_fault(jsonb)'),
                       ('patchmail.forget_uid(jsonb)'), ('patchmail.settle_uid(jsonb)'),
                       ('patchmail.lock_archive(jsonb)'), ('patchmail.unlock_archive(jsonb)'),
                       ('patchmail.archive_marks(text)'), ('patchmail.move_mark(jsonb)')$$,
              'these functions, no more');
SELECT ok(NOT has_schema_privilege('test Deliverer', 'patchmail', 'CREATE'), 'a deliverer makes nothing in the schema');
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c
     WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace) AND c.relkind IN ('r', 'p')
       AND c.relname ~ '^(patchwork|auth|authtoken|django)_|^(message|authentication|policy|quarantine|installed)'
                         '|^(archive|archive_mark|cursor|deferred_uid|unsettled_uid|unplaced|overdue|ignored_mail)'
       AND has_table_privilege('test Deliverer', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
$$, 'no right on a table');
SELECT is_empty($$SELECT execute_rights('test_stranger')$$, 'others get nothing by it');

SET LOCAL ROLE "test Deliverer";
SELECT is(patchmail.schema_version(), 10, 'a deliverer may ask for the version');
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
GRANT EXECUTE ON FUNCTION patchmail.add_deliverer(name, boolean) TO test_stranger;
GRANT USAGE ON SCHEMA _patchmail TO test_stranger;
GRANT EXECUTE ON FUNCTION _patchmail.add_program_role(name, text, boolean) TO test_stranger;
SET LOCAL ROLE test_stranger;
SELECT throws_ok($$SELECT patchmail.add_deliverer('test_stranger')$$, 'P0001',
                 'only the owner of schema patchmail can add a deliverer',
                 'whoever may call add_deliverer() still cannot grant');
RESET ROLE;
SELECT set_eq($$SELECT execute_rights('test_stranger')$$,
              $$VALUES ('patchmail.add_deliverer(name,boolean)'::regprocedure)$$,
              'whoever may call add_deliverer() has no other right');

-- What a role may do more
CREATE ROLE test_owner;
CREATE ROLE test_group;
CREATE ROLE test_role;
CREATE ROLE test_member NOINHERIT IN ROLE test_role;
CREATE FUNCTION excess(change text, role name DEFAULT 'test_role') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    EXECUTE change;
    told := concat_ws('; ', VARIADIC ARRAY(SELECT patchmail.excess_rights(role)));
    RAISE EXCEPTION USING ERRCODE = 'P0042', MESSAGE = told;  -- takes the change back
EXCEPTION WHEN SQLSTATE 'P0042' THEN
    RETURN told;
END
$$;
SELECT is(excess('SELECT'), '', 'a new role may do no more');
SELECT is(excess(change), told, change) FROM (VALUES
    ('ALTER ROLE test_role SUPERUSER', 'it is a superuser'),
    ('ALTER ROLE test_role CREATEROLE', 'it may make roles'),
    ('ALTER ROLE test_role REPLICATION BYPASSRLS', 'it may copy the whole cluster; it passes over row security'),
    ('ALTER ROLE test_role CREATEDB', ''),
    ('GRANT pg_monitor TO test_role', ''),
    ('GRANT pg_execute_server_program TO test_role', 'it is a member of pg_execute_server_program'),
    ('GRANT test_group TO test_role; ALTER ROLE test_group CREATEROLE', 'it is a member of test_group'),
    ('ALTER SCHEMA patchmail OWNER TO test_role', 'it is test_role, who owns schema patchmail'),
    ('ALTER TABLE public.patchwork_patch OWNER TO test_role', 'it is test_role, who owns tables'),
    ('ALTER FUNCTION patchmail.store(jsonb, bytea, jsonb) OWNER TO test_owner; GRANT test_owner TO test_role',
     'it is a member of test_owner, who owns functions of schema patchmail'),
    ('GRANT CREATE ON SCHEMA public TO PUBLIC', 'CREATE on schema public'),
    ('GRANT TRIGGER ON public.patchwork_patch TO test_role', 'TRIGGER on public.patchwork_patch'),
    ('GRANT SELECT (raw) ON patchmail.quarantine_part TO PUBLIC', 'SELECT on patchmail.quarantine_part'),
    ('GRANT UPDATE ON SEQUENCE patchmail.message_id_seq TO test_group; GRANT test_group TO test_role',
     'UPDATE on patchmail.message_id_seq'),
    ('GRANT EXECUTE ON FUNCTION patchmail.quarantine_raw(bigint) TO test_role',
     'EXECUTE on patchmail.quarantine_raw(bigint)'),
    ('GRANT SET ON PARAMETER session_replication_role TO test_role', 'SET on parameter session_replication_role')
) c (change, told);
SELECT is(excess('GRANT DELETE ON public.auth_user TO test_role', 'test_member'), 'DELETE on public.auth_user',
          'what a role may do only after SET ROLE');
SELECT is(excess('ALTER ROLE test_role SUPERUSER', 'test_member'), 'it is a member of test_role',
          'a member of a superuser');
GRANT SELECT ON public.patchwork_patch TO test_role;
SELECT throws_ok($$SELECT patchmail.add_deliverer('test_role')$$, 'P0001',
                 'role "test_role" may do more than deliver: SELECT on public.patchwork_patch',
                 'such a role is refused');
SELECT is_empty($$SELECT execute_rights('test_role')$$, 'a role that was refused gets nothing');
SET LOCAL client_min_messages = error;
SELECT lives_ok($$SELECT patchmail.add_deliverer('test_role', anyway => true)$$, 'unless it is meant so');
SELECT ok(has_function_privilege('test_role', 'patchmail.store(jsonb, bytea, jsonb)', 'EXECUTE'),
          'a role that may do more may deliver if that is meant');

-- And no longer
SELECT patchmail.add_deliverer('test Deliverer');
INSERT INTO patchmail.cursor (account, mailbox, uidvalidity, deliverer)
VALUES ('a', 'INBOX', 1, 'test_role'), ('b', 'INBOX', 1, 'test Deliverer');
INSERT INTO patchmail.archive (archive, deliverer) VALUES ('a', 'test_role'), ('b', 'test Deliverer');
GRANT EXECUTE ON FUNCTION patchmail.quarantine_raw(bigint) TO test_role;
GRANT SELECT ON patchmail.quarantine TO test_role;
SELECT patchmail.remove_deliverer('test_role');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace AND has_function_privilege('test_role', p.oid, 'EXECUTE')
     UNION ALL
    SELECT NULL WHERE has_schema_privilege('test_role', 'patchmail', 'USAGE')
                   OR has_table_privilege('test_role', 'patchmail.quarantine', 'SELECT')
$$, 'a deliverer that is removed may do nothing more here');
SELECT is((SELECT string_agg(concat(account, ' ', deliverer), ', ' ORDER BY account) FROM patchmail.cursor),
          'a , b test Deliverer', 'its mailboxes are free, those of others are not');
SELECT is((SELECT string_agg(concat(archive, ' ', deliverer), ', ' ORDER BY archive) FROM patchmail.archive),
          'a , b test Deliverer', 'its archives are free too');
SELECT throws_ok($$SELECT patchmail.remove_deliverer('nobody at all')$$, 'P0001', 'there is no role "nobody at all"',
                 'a role that does not exist cannot be removed');

SELECT * FROM finish();
ROLLBACK;
