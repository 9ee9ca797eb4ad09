-- _patchmail.check_keeping(only_project): what is kept beside the mail, and how; see _patchmail.check_series.
-- Rules    What is of no project is looked at only if all are.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_keeping(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT min(p.project_id), 'relation-alone', 'relation', p.related_id::bigint,
           format('patch %s', min(p.id)), NULL::text
      FROM public.patchwork_patch p WHERE p.related_id IS NOT NULL
     GROUP BY p.related_id HAVING count(*) = 1 AND ($1 IS NULL OR min(p.project_id) = $1)
    UNION ALL
    SELECT NULL, 'policy-stray', 'project', y.project_id, NULL, NULL
      FROM patchmail.policy y
     WHERE $1 IS NULL AND NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = y.project_id)
    UNION ALL
    SELECT NULL, 'trigger-off', 'trigger', NULL, 'patchmail_event of patchwork_event', NULL
     WHERE $1 IS NULL
       AND NOT EXISTS (SELECT FROM pg_trigger t
                        WHERE t.tgrelid = 'public.patchwork_event'::regclass AND t.tgname = 'patchmail_event'
                          AND t.tgenabled IN ('O', 'A'))
    UNION ALL
    SELECT NULL, 'quarantine-parts', 'quarantine', q.id,
           format('%s bytes of %s in %s parts', coalesce(x.bytes, 0), q.size, x.parts), NULL
      FROM patchmail.quarantine q, LATERAL (
           SELECT count(*) AS parts, max(p.part) AS last, min(p.part) AS first, sum(length(p.raw)) AS bytes,
                  min(CASE WHEN q.sha256 IS NOT NULL THEN encode(sha256(p.raw), 'hex') END) AS checksum
             FROM patchmail.quarantine_part p WHERE p.quarantine_id = q.id) x
     WHERE $1 IS NULL
       AND ((x.first, x.last, x.bytes) IS DISTINCT FROM (1, x.parts::integer, q.size)
            OR x.parts = 1 AND x.checksum <> q.sha256)
    UNION ALL
    SELECT NULL, 'mailbox-wrong', 'mailbox', NULL, concat_ws(' ', c.account, c.mailbox) || ': ' || x.wrong, NULL
      FROM patchmail.cursor c, LATERAL (
           SELECT format('mail %s is deferred and the last one is %s', d.uid, c.last_uid)
             FROM patchmail.deferred_uid d
            WHERE d.account = c.account AND d.mailbox = c.mailbox AND d.uid > c.last_uid
            UNION ALL
           SELECT format('mail %s is stored and the last one is %s', u.uid, c.last_uid)
             FROM patchmail.unsettled_uid u
            WHERE u.account = c.account AND u.mailbox = c.mailbox AND u.uid > c.last_uid
            UNION ALL
           SELECT format('its deliverer %s is no role', c.deliverer)
            WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = c.deliverer) AND c.deliverer IS NOT NULL
            UNION ALL
           SELECT 'it is held by nobody, or for ever' WHERE (c.holder IS NULL) <> (c.held_until IS NULL)) x (wrong)
     WHERE $1 IS NULL
    UNION ALL
    SELECT NULL, 'archive-wrong', 'archive', NULL, a.archive || ': ' || x.wrong, NULL
      FROM patchmail.archive a, LATERAL (
           SELECT format('its deliverer %s is no role', a.deliverer)
            WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = a.deliverer) AND a.deliverer IS NOT NULL
            UNION ALL
           SELECT 'it is held by nobody, or for ever' WHERE (a.holder IS NULL) <> (a.held_until IS NULL)) x (wrong)
     WHERE $1 IS NULL
    UNION ALL
    SELECT NULL, 'hook-wrong', 'hook', NULL, h.name || ': ' || x.wrong, NULL
      FROM patchmail.hook h, LATERAL (
           SELECT format('event %s is set aside and the last one is %s', d.position, h.position)
             FROM patchmail.deferred_event d WHERE d.hook = h.name AND d.position > h.position
            UNION ALL
           SELECT format('its position %s is still to come', h.position)
            WHERE h.position > _patchmail.last_position()
            UNION ALL
           SELECT format('its notifier %s is no role', h.notifier)
            WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = h.notifier) AND h.notifier IS NOT NULL
            UNION ALL
           SELECT 'it is held by nobody, or for ever' WHERE (h.holder IS NULL) <> (h.held_until IS NULL)) x (wrong)
     WHERE $1 IS NULL
    UNION ALL
    SELECT a.project_id, 'audit-empty', 'audit', a.id, a.function, NULL
      FROM patchmail.audit a
     WHERE ($1 IS NULL OR a.project_id = $1) AND num_nonnulls(a.before, a.after) = 0
    UNION ALL
    SELECT NULL, 'sequence-behind', 'sequence', NULL,
           format('%s is at %s, the rows of %s at %s', s.sequence, s.at, s.relation, s.newest), s.sequence::text
      FROM _patchmail.late_sequences() s WHERE $1 IS NULL
    UNION ALL
    SELECT NULL, 'link-broken', l.relation::text, l.id, format('there is no %s %s', l.target, l.value), NULL
      FROM _patchmail.broken_links() l WHERE $1 IS NULL;
$$;
