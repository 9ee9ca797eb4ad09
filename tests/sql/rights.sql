-- Who may do what in schemas patchmail and _patchmail, looked up of everything that is in them, so of what is added
-- later too.
\ir preamble.psql
SELECT no_plan();

CREATE VIEW functions AS
SELECT p.*, p.oid::regprocedure AS signature,
       (SELECT s.setting FROM unnest(p.proconfig) s (setting) WHERE s.setting LIKE 'search\_path=%') AS path
  FROM pg_proc p WHERE p.pronamespace IN ('patchmail'::regnamespace, '_patchmail'::regnamespace);
CREATE VIEW public_functions AS SELECT * FROM functions WHERE pronamespace = 'patchmail'::regnamespace;

-- Functions that run with their owner's rights
SELECT cmp_ok((SELECT count(*) FROM functions WHERE prosecdef), '>=', 9::bigint, 'there are such functions');
SELECT is_empty($$
    SELECT signature, proconfig FROM functions
     WHERE prosecdef AND path IS DISTINCT FROM 'search_path=pg_catalog, pg_temp'
$$, 'none is looked up in the caller''s path, nor in his temporary schema before PostgreSQL''s own');
SELECT is_empty($$
    SELECT signature, proconfig FROM functions WHERE prosecdef
       AND NOT 'standard_conforming_strings=on' = ANY (proconfig)
$$, 'none has its strings read as the caller wants');
SELECT is_empty($$
    SELECT signature, provolatile, proowner::regrole FROM functions
     WHERE proowner <> (SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail')
$$, 'all belong to the owner of the schema');
SELECT is_empty($$
    SELECT f FROM _patchmail.program_functions(NULL) f
     WHERE f NOT IN (SELECT signature FROM public_functions WHERE prosecdef)
       AND f <> 'patchmail.schema_version()'::regprocedure
$$, 'what the program calls runs with its owner''s rights');
SELECT set_eq($$SELECT proname::text FROM public_functions WHERE NOT prosecdef$$,
              $$VALUES ('schema_version'), ('add_deliverer'), ('remove_deliverer'), ('add_notifier'),
                       ('remove_notifier'), ('excess_rights'),
                       ('find_time_zone'), ('set_time_zone')$$,
              'what admins and readers call does so too, but for what is the owner''s alone');

-- The others: an admin's path may have a schema in which others make functions.
SELECT is_empty($$
    SELECT signature, path FROM functions WHERE path <> 'search_path=pg_catalog, pg_temp'
$$, 'whoever has a path has the same');
SELECT is_empty($$
    SELECT f.signature FROM functions f
     WHERE f.path IS NULL AND f.proname <> 'schema_version'
       AND NOT EXISTS (SELECT FROM functions g WHERE g.oid <> f.oid
                          AND g.prosrc LIKE '%patchmail.' || f.proname || '(%')
$$, 'a function without one is called by another function');
SELECT is_empty($$
    SELECT signature FROM public_functions WHERE path IS NULL AND proname <> 'schema_version'
$$, 'whatever is not internal has one');
SELECT is_empty($$
    SELECT c.oid::regclass, s.signature FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
      JOIN functions s ON s.oid = d.refobjid
     WHERE c.relnamespace = 'patchmail'::regnamespace AND s.path IS NULL
$$, 'those that views call have one');

-- Everybody, and patchmail's roles
CREATE VIEW granted AS
SELECT format('schema %s', n.nspname) AS what, a.grantee, a.privilege_type
  FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
 WHERE n.nspname IN ('patchmail', '_patchmail') AND a.grantee <> n.nspowner
UNION ALL
SELECT f.signature::text, a.grantee, a.privilege_type
  FROM functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a WHERE a.grantee <> f.proowner
UNION ALL
SELECT c.oid::regclass::text, a.grantee, a.privilege_type
  FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char",
                                                            c.relowner))) a
 WHERE c.relnamespace IN ('patchmail'::regnamespace, '_patchmail'::regnamespace) AND c.relkind <> 'i'
   AND a.grantee <> c.relowner
UNION ALL
SELECT c.oid::regclass::text, a.grantee, a.privilege_type
  FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
 WHERE c.relnamespace IN ('patchmail'::regnamespace, '_patchmail'::regnamespace) AND a.grantee <> c.relowner;

SELECT is_empty($$
    SELECT * FROM granted
     WHERE grantee NOT IN ('patchmail_deliverer'::regrole, 'patchmail_notifier'::regrole, 'patchmail_reader'::regrole,
                           'patchmail_monitor'::regrole,
                           'patchmail_admin'::regrole)
$$, 'nobody but patchmail''s own roles has a right by the installation');
SELECT is_empty($$
    SELECT * FROM granted WHERE privilege_type NOT IN ('USAGE', 'SELECT', 'EXECUTE')
$$, 'no role may write a table or make anything');
SELECT is_empty($$
    SELECT what, grantee::regrole FROM granted WHERE what = 'schema _patchmail'
$$, 'the internal schema is open to nobody');
SELECT is_empty($$
    SELECT what FROM granted g JOIN functions f ON f.signature::text = g.what
     WHERE g.grantee IN ('patchmail_reader'::regrole, 'patchmail_monitor'::regrole) AND f.provolatile = 'v'
$$, 'what a reader or a monitor may call does not write');
SELECT is_empty($$
    SELECT what FROM granted g JOIN pg_class c ON c.oid::regclass::text = g.what
     WHERE g.grantee IN ('patchmail_reader'::regrole, 'patchmail_monitor'::regrole) AND c.relkind <> 'v'
$$, 'neither of them reads a table');
SELECT is_empty($$
    SELECT s.signature FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
      JOIN functions s ON s.oid = d.refobjid
     WHERE c.relnamespace = 'patchmail'::regnamespace AND s.prosrc LIKE '%patchmail.%' AND NOT s.prosecdef
$$, 'what views call and calls others itself runs with its owner''s rights');
SELECT is_empty($$
    SELECT what FROM granted WHERE grantee = 'patchmail_deliverer'::regrole
       AND what NOT IN (SELECT f::text FROM _patchmail.program_functions('deliverer') f) AND what <> 'schema patchmail'
$$, 'a deliverer has no right but to call what delivers');
SELECT set_eq($$
    SELECT what FROM granted WHERE grantee = 'patchmail_notifier'::regrole
$$, $$VALUES ('schema patchmail'), ('patchmail.schema_version()'), ('patchmail.doctor(jsonb)'),
             ('patchmail.hook_open(text,jsonb)'),
             ('patchmail.hook_next(text,text,integer,jsonb,integer)'), ('patchmail.hook_close(text,text,jsonb)')$$,
'a notifier has no right but to call what tells hooks');
SELECT is_empty($$
    SELECT signature FROM public_functions f
     WHERE prosecdef AND provolatile = 'v' AND signature NOT IN (SELECT _patchmail.program_functions(NULL))
       AND NOT has_function_privilege('patchmail_admin', f.oid, 'EXECUTE')
$$, 'an admin may call whatever acts');
SELECT is_empty($$
    SELECT t.oid::regtype, a.grantee FROM pg_type t, aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) a
     WHERE t.typnamespace = 'patchmail'::regnamespace AND t.typcategory <> 'A' AND a.grantee <> t.typowner
$$, 'no type is open to others than its owner');

-- Each view and each function, as the role that it is for
CREATE FUNCTION may_read(role name, relation regclass) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE format('SELECT count(*) FROM (SELECT * FROM %s LIMIT 1) x', relation);
    RESET ROLE;
    RETURN 'yes';
EXCEPTION WHEN insufficient_privilege THEN
    RETURN SQLERRM;
END
$$;
SELECT make_project() AS project \gset
SELECT store_mail(facts_patch('<1@example.org>')) AS stored \gset
SELECT is(may_read('patchmail_reader', r.relation), 'yes', format('a reader reads %s', r.relation))
  FROM _patchmail.role_relations('reader') r;
SELECT isnt(may_read('patchmail_reader', c.oid), 'yes', format('a reader does not read %s', c.oid::regclass))
  FROM pg_class c WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind IN ('v', 'r', 'p')
   AND c.relname NOT IN ('series_progress', 'series_revision', 'related_patches') ORDER BY c.relname;
SELECT is(may_read('patchmail_admin', c.oid), 'yes', format('an admin reads %s', c.oid::regclass))
  FROM pg_class c WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind = 'v' ORDER BY c.relname;
SELECT isnt(may_read('patchmail_deliverer', c.oid), 'yes', format('a deliverer does not read %s', c.oid::regclass))
  FROM pg_class c WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind IN ('v', 'r') ORDER BY c.relname;
SELECT isnt(may_read('patchmail_reader', r), 'yes', format('a reader does not read %s', r))
  FROM unnest('{patchmail.quarantine_part,public.patchwork_patch,public.auth_user}'::regclass[]) r;

-- An admin acts with no right on a table; the others do not act.
SELECT patchmail.set_policy('demo', relate => false) IS NOT NULL AS policy \gset
SET LOCAL ROLE patchmail_admin;
SELECT lives_ok($$SELECT patchmail.patch_update(p.id, '{"archived": true}')
                    FROM jsonb_to_record(patchmail.patch_list('project=demo')::jsonb->0) p (id integer)$$,
                'an admin changes a patch');
SELECT throws_ok('UPDATE public.patchwork_patch SET archived = false', '42501', NULL,
                 'an admin changes none past the functions');
SELECT throws_ok('DELETE FROM patchmail.audit', '42501', NULL, 'an admin takes nothing out of the audit');
SELECT is((SELECT after->'archived' FROM patchmail.audit WHERE function = 'patch_update'), 'true',
          'what an admin did is in the audit');
RESET ROLE;
CREATE FUNCTION may_call(role name, function regprocedure) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE (SELECT format('SELECT %s(%s)', function::regproc, string_agg('NULL::' || t::regtype, ', '))
               FROM pg_proc p LEFT JOIN unnest(p.proargtypes) t ON true WHERE p.oid = function);
    RESET ROLE;
    RETURN 'yes';
EXCEPTION
    WHEN insufficient_privilege THEN RETURN 'no';
    WHEN OTHERS THEN RETURN 'yes, but ' || SQLERRM;
END
$$;
SELECT is(may_call(role, f.signature), 'no', format('%s does not call %s', role, f.proname))
  FROM public_functions f,
       unnest('{patchmail_reader,patchmail_monitor,patchmail_deliverer,patchmail_notifier}'::name[]) role
 WHERE f.provolatile = 'v' AND f.provariadic = 0 AND f.signature NOT IN (SELECT _patchmail.program_functions(NULL))
   AND f.prosecdef
 ORDER BY f.proname, role;

-- What stands in \df+, \d+ and \dT+
SELECT is_empty($$
    SELECT t.oid::regtype FROM pg_type t
     WHERE t.typnamespace = 'patchmail'::regnamespace AND t.typtype IN ('e', 'd', 'c') AND t.typcategory <> 'A'
       AND (t.typrelid = 0 OR (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c')
       AND obj_description(t.oid, 'pg_type') IS NULL
$$, 'every type of schema patchmail says what it is for');
SELECT is_empty($$
    SELECT signature FROM public_functions WHERE obj_description(oid, 'pg_proc') IS NULL
$$, 'every function of schema patchmail says what it is for');
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c
     WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
       AND NOT c.relispartition AND obj_description(c.oid, 'pg_class') IS NULL
$$, 'every table and view of schema patchmail says what it is for');

-- Whom default privileges gave more
CREATE ROLE test_stranger;
ALTER DEFAULT PRIVILEGES IN SCHEMA patchmail GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA patchmail GRANT ALL ON SEQUENCES TO PUBLIC;
CREATE TABLE patchmail.later (id bigint GENERATED ALWAYS AS IDENTITY, raw bytea);
CREATE TYPE patchmail.later_type AS ENUM ('a');
CREATE FUNCTION patchmail.later_function() RETURNS integer LANGUAGE sql AS 'SELECT 1';
GRANT USAGE ON SCHEMA patchmail TO PUBLIC;
SELECT ok(has_table_privilege('test_stranger', 'patchmail.later', 'SELECT'),
          'everybody may read a new table before close_schema.sql');
\o /dev/null
\ir ../../sql/close_schema.sql
\o
SELECT is_empty($$
    SELECT p FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
     WHERE has_table_privilege('test_stranger', 'patchmail.later', p)
$$, 'install.sql takes that back');
SELECT ok(NOT has_sequence_privilege('test_stranger', 'patchmail.later_id_seq', 'USAGE'),
          'install.sql takes back the default right on a sequence');
SELECT ok(NOT has_function_privilege('test_stranger', 'patchmail.later_function()', 'EXECUTE'),
          'install.sql takes back the default right on a function');
SELECT ok(NOT has_type_privilege('test_stranger', 'patchmail.later_type', 'USAGE'),
          'install.sql takes back the default right on a type');
SELECT ok(NOT has_type_privilege('test_stranger', 'patchmail.later', 'USAGE'),
          'install.sql takes back the default right on a table''s row type');
SELECT ok(NOT has_schema_privilege('test_stranger', 'patchmail', 'USAGE'),
          'install.sql takes back the default right on the schema');

-- Nothing of others is in the way of what Patchwork does.
SELECT results_eq($$
    SELECT t.tgname, t.tgrelid::regclass FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace) AND NOT t.tgisinternal
$$, $$VALUES ('patchmail_event'::name, 'public.patchwork_event'::regclass)$$, 'patchmaild has one trigger');
SELECT is_empty($$
    SELECT r.ev_class::regclass FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
     WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace) AND r.rulename <> '_RETURN'
$$, 'patchmaild has no rules');

SELECT * FROM finish();
ROLLBACK;
