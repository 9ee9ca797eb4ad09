-- _patchmail.doctor_services(settings): who follows the mailboxes and serves the hooks of a configuration, and what the
-- receivers did not take; a part of patchmail.doctor().
-- Rules    That nobody follows an account at the moment is right if cron does it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_services(settings jsonb)
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH hook AS (
        SELECT h.* FROM patchmail.hooks h
    )
    SELECT CASE WHEN c.mailboxes = 0 THEN 'warning' ELSE 'ok' END, 'account ' || a.name,
           CASE WHEN c.mailboxes = 0 THEN 'nobody has followed it yet'
                ELSE format('%s mailboxes are taken, %s', c.mailboxes,
                            CASE WHEN c.held > clock_timestamp() THEN 'and followed now'
                                 ELSE 'not followed now, which is right with --once' END) END,
           CASE WHEN c.mailboxes = 0 THEN format('systemctl enable --now patchmaild-imap@%s', a.name) END
      FROM jsonb_array_elements_text(settings->'accounts') a (name), LATERAL (
           SELECT count(*) AS mailboxes, max(c.held_until) AS held FROM patchmail.cursor c WHERE c.account = a.name) c
    UNION ALL
    SELECT 'warning', 'hook ' || n.name, 'nobody has served it yet',
           format('systemctl enable --now patchmaild-notify@%s', n.name)
      FROM jsonb_array_elements_text(settings->'hooks') n (name)
     WHERE NOT EXISTS (SELECT FROM hook h WHERE h.hook = n.name)
    UNION ALL
    SELECT 'warning', 'hook ' || h.hook, format('its receiver failed %s times: %s', h.failures, h.reason),
           format('mend the receiver; it is tried again at %s', date_trunc('second', h.next_try))
      FROM hook h WHERE h.failures > 0
    UNION ALL
    SELECT 'warning', 'hook ' || h.hook, format('%s events are dead: its receiver did not take them', h.dead),
           format('SELECT * FROM patchmail.deferred_event WHERE hook = %L; SELECT patchmail.hook_retry(%L)', h.hook,
                  h.hook)
      FROM hook h WHERE h.dead > 0
    UNION ALL
    SELECT CASE WHEN h.holder IS NULL AND h.behind > 0 THEN 'warning' ELSE 'ok' END, 'hook ' || h.hook,
           CASE WHEN h.holder IS NULL THEN format('nobody serves it now, and it is %s events behind', h.behind)
                ELSE format('it is served, and %s events behind', h.behind) END,
           CASE WHEN h.holder IS NULL AND h.behind > 0
                THEN format('systemctl enable --now patchmaild-notify@%s; or if nobody wants it: SELECT '
                            'patchmail.hook_remove(%L)', h.hook, h.hook) END
      FROM hook h WHERE h.failures = 0 AND h.dead = 0;
END
$$;
