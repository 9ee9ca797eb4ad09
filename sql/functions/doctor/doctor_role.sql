-- _patchmail.doctor_role(settings): may the role do what it is for, and no more?  A part of patchmail.doctor().
-- Rules    Whoever asks is judged if he is to deliver or to notify (settings->'role'); else, is there anybody who may?
--          A role that serves hooks need not deliver.  It is the session's: SET ROLE does not count.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_role(settings jsonb)
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH me AS (
        SELECT session_user AS name, s.hooks,
               has_function_privilege(session_user, _patchmail.main_function('deliverer'), 'EXECUTE') AS delivers,
               has_function_privilege(session_user, _patchmail.main_function('notifier'), 'EXECUTE') AS notifies
          FROM (SELECT jsonb_array_length(coalesce(settings->'hooks', '[]')) > 0 AS hooks) s
         WHERE settings->'role' = 'true'
    ), excess AS (
        SELECT count(*) AS number, string_agg(e.words, ', ' ORDER BY e.words) FILTER (WHERE e.n <= 3) AS words
          FROM (SELECT x.words, row_number() OVER (ORDER BY x.words) AS n
                  FROM (SELECT patchmail.excess_rights(me.name) AS words FROM me WHERE me.delivers OR NOT me.hooks
                        INTERSECT
                        SELECT patchmail.excess_rights(me.name, k.kind)
                          FROM me, unnest('{deliverer,notifier}'::text[]) k (kind)
                         WHERE k.kind = 'deliverer' OR me.hooks) x) e
    )
    SELECT 'failure', 'role', format('role %s may not deliver', me.name),
           format('as the owner of the schema: SELECT patchmail.add_deliverer(%L)', me.name)
      FROM me WHERE NOT me.delivers AND NOT (me.hooks AND me.notifies)
    UNION ALL
    SELECT 'failure', 'role', format('role %s may not tell hooks of events', me.name),
           format('as the owner of the schema: SELECT patchmail.add_notifier(%L)', me.name)
      FROM me WHERE me.hooks AND NOT me.notifies
    UNION ALL
    SELECT 'warning', 'role', format('role %s may do more than it needs: %s%s', me.name, e.words,
                                     CASE WHEN e.number > 3 THEN format(' and %s more', e.number - 3) ELSE '' END),
           'make a role of its own for it: CREATE ROLE patchmaild LOGIN; SELECT patchmail.add_deliverer(''patchmaild'')'
      FROM me, excess e WHERE e.number > 0
    UNION ALL
    SELECT 'ok', 'role', format('role %s may %s, and no more', me.name,
                                concat_ws(' and ', CASE WHEN me.delivers THEN 'deliver' END,
                                          CASE WHEN me.notifies THEN 'tell hooks of events' END)), NULL
      FROM me, excess e WHERE e.number = 0 AND (me.delivers OR me.hooks) AND (me.notifies OR NOT me.hooks)
    UNION ALL
    SELECT CASE WHEN d.names IS NULL THEN 'warning' ELSE 'ok' END, 'role',
           coalesce('these may deliver: ' || d.names, 'no role may deliver, but for superusers and owners'),
           CASE WHEN d.names IS NULL
                THEN 'CREATE ROLE patchmaild LOGIN; SELECT patchmail.add_deliverer(''patchmaild'')' END
      FROM (SELECT string_agg(r.rolname, ', ' ORDER BY r.rolname) AS names
              FROM pg_proc p, aclexplode(p.proacl) a JOIN pg_roles r ON r.oid = a.grantee
             WHERE p.oid = _patchmail.main_function('deliverer') AND a.grantee <> p.proowner
               AND r.rolname <> 'patchmail_deliverer') d
     WHERE settings->'role' IS DISTINCT FROM 'true';
END
$$;
