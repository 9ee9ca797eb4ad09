-- _patchmail.doctor_mail(): what became of mail in the last hour, and whether somebody keeps house; a part of
-- patchmail.doctor().
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_mail()
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE sql STABLE AS $$
    WITH stored AS (
        SELECT count(*) FILTER (WHERE m.waiting IS NULL) AS mails, count(*) FILTER (WHERE m.waiting IS NOT NULL) AS wait
          FROM patchmail.message m
          JOIN public.patchwork_project p ON p.id = m.project_id
         WHERE m.arrived > now() - interval '1 hour' AND NOT m.adopted
    ), newest AS (
        SELECT max(x.arrived) AS arrived
          FROM public.patchwork_project p, LATERAL (
               SELECT max(m.arrived) AS arrived FROM patchmail.message m WHERE m.project_id = p.id) x
    ), held AS (
        SELECT count(*) AS mails, (array_agg(q.reason ORDER BY q.last_try DESC))[1] AS reason
          FROM patchmail.quarantine q WHERE q.last_try > now() - interval '1 hour'
    ), late AS (
        SELECT count(*) AS mails FROM patchmail.overdue o WHERE o.last_try > now() - interval '1 hour'
    ), deferred AS (
        SELECT count(*) AS mails, (array_agg(d.reason ORDER BY d.last_try DESC))[1] AS reason
          FROM patchmail.deferred_uid d WHERE d.attempts > 0
    )
    SELECT 'warning', 'mail', 'none has come yet',
           'deliver one by hand: patchmaild -c FILE deliver -v <MAIL; patchmaild-tutorial(7)'
      FROM newest n WHERE n.arrived IS NULL
    UNION ALL
    SELECT 'ok', 'mail', format('in the last hour %s were stored, and %s replies came that wait for their parent; the '
                                'last mail came %s ago', s.mails, s.wait, date_trunc('second', now() - n.arrived)), NULL
      FROM stored s, newest n WHERE n.arrived IS NOT NULL
    UNION ALL
    SELECT 'warning', 'quarantine', format('%s mails came into it in the last hour; the last one: %s', h.mails,
                                           h.reason),
           'SELECT * FROM patchmail.quarantined; patchmail(7), QUARANTINE, says how one is tried again or released'
      FROM held h WHERE h.mails > 0
    UNION ALL
    SELECT 'ok', 'quarantine', format('none in the last hour; %s in all', (SELECT count(*) FROM patchmail.quarantine)),
           NULL
      FROM held h WHERE h.mails = 0
    UNION ALL
    SELECT 'warning', 'mail', format('%s mails were not stored in time in the last hour', l.mails),
           'SELECT * FROM patchmail.overdue; raise timeout in [patchmaild], or see what holds locks: pg_stat_activity'
      FROM late l WHERE l.mails > 0
    UNION ALL
    SELECT 'warning', 'mailboxes', format('%s mails of IMAP mailboxes are deferred; the last one: %s', d.mails,
                                          d.reason), 'SELECT * FROM patchmail.deferred_uid WHERE attempts > 0'
      FROM deferred d WHERE d.mails > 0
    UNION ALL
    SELECT 'warning', 'housekeeping', 'it has not run lately: what is too old is not removed',
           'systemctl enable --now patchmaild-daily.timer, or SELECT * FROM patchmail.housekeeping() every day'
     WHERE EXISTS (SELECT
                     FROM (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AS this) m, LATERAL (
                          VALUES (m.this), (CASE WHEN now() AT TIME ZONE 'UTC' > m.this + interval '3 days'
                                                 THEN m.this + interval '1 month' END)) n (month)
                    WHERE NOT EXISTS (SELECT FROM _patchmail.raw_months() k
                                       WHERE k.begins = n.month AT TIME ZONE 'UTC') AND n.month IS NOT NULL);
$$;
