-- Who may do what in schema patchmail, looked up of everything that is in it, so of what is added later too.
\ir preamble.psql
SELECT plan(22);

CREATE VIEW functions AS
SELECT p.*, p.oid::regprocedure AS signature,
       (SELECT s.setting FROM unnest(p.proconfig) s (setting) WHERE s.setting LIKE 'search\_path=%') AS path
  FROM pg_proc p WHERE p.pronamespace = 'patchmail'::regnamespace;

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
SELECT set_eq($$SELECT f::text FROM patchmail.deliverer_functions() f
                 WHERE f <> 'patchmail.schema_version()'::regprocedure$$,
              $$SELECT signature::text FROM functions WHERE prosecdef$$, 'they are those that deliverers call');

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
    SELECT signature FROM functions
     WHERE path IS NULL
       AND proname IN ('add_deliverer', 'add_project', 'allowed', 'deliverer_functions', 'discard', 'excess_rights',
                       'expire', 'explain', 'find_time_zone', 'patch_json', 'quarantine_raw', 'release',
                       'remove_deliverer', 'retry', 'set_policy', 'set_time_zone', 'tidy', 'write_series_references')
$$, 'those that admins call have one');
SELECT is_empty($$
    SELECT c.oid::regclass, s.signature FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
      JOIN functions s ON s.oid = d.refobjid
     WHERE c.relnamespace = 'patchmail'::regnamespace AND s.path IS NULL
$$, 'those that views call have one');

-- Everybody
SELECT is_empty($$
    SELECT n.nspname, a.privilege_type
      FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
     WHERE n.nspname = 'patchmail' AND a.grantee <> n.nspowner
$$, 'the schema is open to nobody');
SELECT is_empty($$
    SELECT f.signature, a.grantee FROM functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
     WHERE a.grantee <> f.proowner
$$, 'no function may be called by anybody');
SELECT is_empty($$
    SELECT c.oid::regclass, a.grantee
      FROM pg_class c,
           aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char",
                                                    c.relowner))) a
     WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind <> 'i' AND a.grantee <> c.relowner
    UNION ALL
    SELECT c.oid::regclass, a.grantee
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
     WHERE c.relnamespace = 'patchmail'::regnamespace AND a.grantee <> c.relowner
$$, 'no table, view or sequence is open to others than its owner');
SELECT is_empty($$
    SELECT t.oid::regtype, a.grantee FROM pg_type t, aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) a
     WHERE t.typnamespace = 'patchmail'::regnamespace AND t.typcategory <> 'A' AND a.grantee <> t.typowner
$$, 'no type either');

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
SELECT is_empty($$
    SELECT t.oid, t.tgrelid::regclass FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace) AND NOT t.tgisinternal
$$, 'patchmaild has no triggers');
SELECT is_empty($$
    SELECT r.ev_class::regclass FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
     WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace) AND r.rulename <> '_RETURN'
$$, 'patchmaild has no rules');

SELECT * FROM finish();
ROLLBACK;
