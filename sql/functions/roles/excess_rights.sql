-- patchmail.excess_rights(role, kind): what a role may do here that a deliverer, or a notifier, may not.
-- Takes    the role, and what it is to be: "deliverer" or "notifier".
-- Gives    a row of words for each such right: none for a role that is fit for it.
-- Rules    Whatever the role may become counts as its own, whether it has to say SET ROLE first or not; so does what
--          everybody may do.  Not listed, since nearly everybody may do it: to connect, and to make temporary tables.
--          Of schema public only what Patchwork and Django made is looked at.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.excess_rights(role name, kind text DEFAULT 'deliverer')
RETURNS SETOF text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH me AS (
        SELECT r.* FROM pg_roles r WHERE r.rolname = role
    ), mine AS (
        SELECT r.oid, r.rolname, r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls
               OR r.rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
                                'pg_write_server_files', 'pg_execute_server_program', 'pg_maintain',
                                'pg_create_subscription') AS powerful
          FROM pg_roles r, me WHERE pg_has_role(me.oid, r.oid, 'MEMBER') AND NOT me.rolsuper
    ), relation AS (
        SELECT c.oid, c.relkind, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           AND (n.nspname = 'patchmail'
                OR n.nspname = 'public' AND c.relname ~ '^(auth|authtoken|django|patchwork)_')
    ), owner AS (
        SELECT o.oid, string_agg(o.name, ', ' ORDER BY o.rank, o.name) AS owned
          FROM (SELECT d.datdba, 1, 'the database' FROM pg_database d WHERE d.datname = current_database()
                UNION ALL
                SELECT n.nspowner, 2, format('schema %I', n.nspname) FROM pg_namespace n
                 WHERE n.nspname IN ('patchmail', '_patchmail', 'public')
                UNION ALL
                SELECT p.proowner, 3, 'functions of schema patchmail' FROM pg_proc p
                 WHERE p.pronamespace IN ('patchmail'::regnamespace, '_patchmail'::regnamespace) GROUP BY p.proowner
                UNION ALL
                SELECT r.relowner, 4, 'tables' FROM relation r GROUP BY r.relowner) o (oid, rank, name)
         GROUP BY o.oid
    )
    SELECT a.words FROM me, LATERAL (VALUES
        (me.rolsuper, 'it is a superuser'),
        (me.rolcreaterole AND NOT me.rolsuper, 'it may make roles'),
        (me.rolreplication AND NOT me.rolsuper, 'it may copy the whole cluster'),
        (me.rolbypassrls AND NOT me.rolsuper, 'it passes over row security')) a (is_so, words)
     WHERE a.is_so
    UNION ALL
    SELECT format('it is %s, who owns %s', CASE WHEN m.oid = me.oid THEN m.rolname ELSE 'a member of ' || m.rolname END,
                  o.owned)
      FROM me, mine m JOIN owner o ON o.oid = m.oid
    UNION ALL
    SELECT format('it is a member of %s', m.rolname) FROM me, mine m WHERE m.powerful AND m.oid <> me.oid
    UNION ALL
    (SELECT DISTINCT format('%s on %s', x.word, x.what) FROM mine m, LATERAL (
        SELECT 'CREATE' AS word, format('database %I', current_database()) AS what
         WHERE has_database_privilege(m.oid, current_database(), 'CREATE')
        UNION ALL
        SELECT 'CREATE', format('schema %I', n.nspname) FROM pg_namespace n
         WHERE n.nspname IN ('patchmail', '_patchmail', 'public') AND has_schema_privilege(m.oid, n.oid, 'CREATE')
        UNION ALL
        SELECT w.word, r.name FROM relation r, (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) w (word)
         WHERE r.relkind <> 'S' AND has_any_column_privilege(m.oid, r.oid, w.word)
        UNION ALL
        SELECT w.word, r.name FROM relation r, (VALUES ('DELETE'), ('TRUNCATE'), ('TRIGGER')) w (word)
         WHERE r.relkind <> 'S' AND has_table_privilege(m.oid, r.oid, w.word)
        UNION ALL
        SELECT w.word, r.name FROM relation r, (VALUES ('SELECT'), ('USAGE'), ('UPDATE')) w (word)
         WHERE CASE r.relkind WHEN 'S' THEN has_sequence_privilege(m.oid, r.oid, w.word) END
        UNION ALL
        SELECT 'EXECUTE', p.oid::regprocedure::text FROM pg_proc p
         WHERE p.pronamespace IN ('patchmail'::regnamespace, '_patchmail'::regnamespace)
           AND has_function_privilege(m.oid, p.oid, 'EXECUTE')
           AND p.oid NOT IN (SELECT _patchmail.program_functions($2))
        UNION ALL
        SELECT 'SET', 'parameter session_replication_role'
         WHERE has_parameter_privilege(m.oid, 'session_replication_role', 'SET')) x
     WHERE NOT m.powerful AND m.oid NOT IN (SELECT o.oid FROM owner o)
     ORDER BY 1);
$$;
COMMENT ON FUNCTION patchmail.excess_rights IS
    'What a role may do here that a deliverer, or a notifier, may not.  For the owner of the schema.';
