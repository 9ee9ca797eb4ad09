-- _patchmail.standby_is_missing(): do commits wait for a standby that does not follow this server?
-- Gives    true if synchronous_standby_names asks for more standbys than there are.
-- Rules    Which ones follow is shown to few roles, how many there are to everybody.
CREATE OR REPLACE FUNCTION _patchmail.standby_is_missing() RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT names <> '' AND current_setting('synchronous_commit') NOT IN ('off', 'local')
           AND (SELECT count(*) FROM pg_catalog.pg_stat_replication)
               < coalesce(substring(names FROM '([0-9]+)\s*\(')::bigint, 1)
      FROM current_setting('synchronous_standby_names') names
$$;
