-- _patchmail.role_relations(role): what one of patchmail's roles may read of the tables and views of schema patchmail.
-- Takes    'reader', 'monitor' or 'admin'; a deliverer reads none.
-- Gives    them, with the columns if these are not all.
-- Rules    A reader sees what Patchwork shows.  A monitor sees counts, times and reasons, for dashboards: what names
--          lists, mailboxes, archives and projects, but no subject, Message-ID or address.  An admin sees all but the
--          bytes of mail, which functions give.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.role_relations(role text)
RETURNS TABLE (relation regclass, columns text[]) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ('patchmail.' || r.name)::regclass, r.columns
      FROM (VALUES ('reader', 'series_progress', NULL::text[]),
                   ('reader', 'series_revision', NULL),
                   ('reader', 'related_patches', NULL),
                   ('monitor', 'status', NULL),
                   ('monitor', 'throughput', NULL),
                   ('monitor', 'verdicts', NULL),
                   ('monitor', 'imap', NULL),
                   ('monitor', 'archives', '{archive,place,moved,deliverer,holder,held_until}'),
                   ('monitor', 'hooks', NULL),
                   ('monitor', 'raw_months', NULL),
                   ('monitor', 'series_progress', NULL),
                   ('monitor', 'failures', '{at,what,quarantine_id,projects,reason,times}'),
                   ('monitor', 'waiting', '{project,date,arrived,age,same}'),
                   ('monitor', 'ignored', '{day,list_id,reason,mails,last_at}'),
                   ('monitor', 'unknown_lists', '{list_id,mails,first_day,last_at}'))
           r (role, name, columns)
     WHERE r.role = role_relations.role
    UNION ALL
    SELECT c.oid::regclass, NULL
      FROM pg_class c
     WHERE role = 'admin' AND c.relnamespace = 'patchmail'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
       AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid = 'bytea'::regtype);
$$;
