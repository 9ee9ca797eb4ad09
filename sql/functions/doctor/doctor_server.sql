-- _patchmail.doctor_server(): the server, and how whole the installation is; a part of patchmail.doctor().
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_server()
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE sql STABLE AS $$
    WITH fault (level, subject, finding, remedy) AS (
        SELECT 'failure', 'server', 'it is a standby, and takes no mail',
               'name the primary in conninfo, or all hosts with target_session_attrs=read-write'
         WHERE pg_is_in_recovery()
        UNION ALL
        SELECT 'failure', 'server', 'transactions are read-only (default_transaction_read_only), so it takes no mail',
               format('ALTER DATABASE %I RESET default_transaction_read_only, or the same of the role or the server',
                      current_database())
         WHERE current_setting('default_transaction_read_only')::boolean AND NOT pg_is_in_recovery()
        UNION ALL
        SELECT 'failure', 'server', 'commits wait for a standby that is not there (synchronous_standby_names)',
               'start the standby, or take it out: ALTER SYSTEM RESET synchronous_standby_names; '
               'SELECT pg_reload_conf()'
         WHERE _patchmail.standby_is_missing()
        UNION ALL
        SELECT 'warning', 'server', format('%s is off: mail that was acknowledged is lost with the power', s.name),
               format('ALTER SYSTEM RESET %s; SELECT pg_reload_conf()', s.name)
          FROM unnest('{fsync,full_page_writes,synchronous_commit}'::text[]) s (name)
         WHERE current_setting(s.name) = 'off'
        UNION ALL
        SELECT 'failure', 'schema', format('the functions are of version %s, the tables of version %s',
                                           patchmail.schema_version(), i.version), 'run install.sql again'
          FROM (SELECT max(version) AS version FROM patchmail.installed) i
         WHERE i.version IS DISTINCT FROM patchmail.schema_version()
        UNION ALL
        SELECT 'failure', 'schema', format('sequence %s is at %s, its table %s has an id %s already: no mail is stored',
                                           l.sequence, l.at, l.relation, l.newest),
               'SELECT * FROM patchmail.repair(kinds => ''{sequence-behind}'')'
          FROM _patchmail.late_sequences() l
        UNION ALL
        SELECT 'failure', 'schema', 'the trigger patchmail_event of patchwork_event is off: nobody is told of events',
               'SELECT * FROM patchmail.repair(kinds => ''{trigger-off}'')'
         WHERE NOT EXISTS (SELECT FROM pg_trigger t
                            WHERE t.tgrelid = 'public.patchwork_event'::regclass AND t.tgname = 'patchmail_event'
                              AND t.tgenabled IN ('O', 'A'))
    )
    SELECT f.* FROM fault f
    UNION ALL
    SELECT 'ok', 'server', format('PostgreSQL %s, database %s, schema of version %s',
                                  current_setting('server_version'), current_database(), patchmail.schema_version()),
           NULL
     WHERE NOT EXISTS (SELECT FROM fault f WHERE f.level = 'failure');
$$;
