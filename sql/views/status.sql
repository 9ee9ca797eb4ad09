-- patchmail.status: how things stand.  The row without a project is of all; then one a project; and one a transport by
-- which mail of the project came in the last day.
--   version    of the schema;
--   last_mail  when the newest came, and lag how long ago that is;
--   last_day   how many were stored, or wait, in the last 24 hours;
--   waiting, quarantined, overdue  how many there are; a mail of no project is in the first row alone;
--   ignored    how many were ignored today (in UTC), by their list;
--   deferred   of IMAP mailboxes how many are tried again, and imap_idle how long ago one of them moved last: mailboxes
--              are of no project;
--   errors     reasons of what is in quarantine, deferred or overdue, and why hooks wait, each with how often, the most
--              frequent first;
--   undelivered  of events how many hooks did not take, dead or not, and hook_lag how old the oldest is that a hook was
--              not told of.
CREATE OR REPLACE VIEW patchmail.status AS
WITH waiting AS (
    SELECT m.project_id, count(*) AS mails FROM patchmail.message m WHERE m.waiting IS NOT NULL GROUP BY 1
), quarantined AS (
    SELECT q.reason, string_to_array(q.projects, ' ') AS projects FROM patchmail.quarantined q
), overdue AS (
    SELECT string_to_array(o.projects, ', ') AS projects FROM patchmail.overdue o
), hook AS (
    SELECT h.* FROM patchmail.hooks h
), trouble AS (
    SELECT q.projects, q.reason FROM quarantined q
    UNION ALL SELECT o.projects, 'not stored in time' FROM overdue o
    UNION ALL SELECT NULL, _patchmail.printable(d.reason, 400) FROM patchmail.deferred_uid d WHERE d.attempts > 0
    UNION ALL SELECT NULL, format('hook %s: %s', h.hook, h.reason) FROM hook h WHERE h.reason IS NOT NULL
), ignored AS (
    SELECT i.list_id, sum(i.mails)::bigint AS mails FROM patchmail.ignored_mail i
     WHERE i.day = (now() AT TIME ZONE 'UTC')::date GROUP BY 1
), project AS (
    SELECT p.id, p.linkname::text AS linkname, p.listid::text AS listid,
           (SELECT max(m.arrived) FROM patchmail.message m WHERE m.project_id = p.id) AS last_mail
      FROM public.patchwork_project p
), recent AS MATERIALIZED (
    SELECT p.id, CASE WHEN m.adopted THEN 'patchwork' ELSE coalesce(m.transport, 'unknown') END AS transport,
           max(m.arrived) AS last_mail, count(*) AS mails
      FROM project p JOIN patchmail.message m ON m.project_id = p.id AND m.arrived >= now() - interval '1 day'
     GROUP BY 1, 2
)
SELECT NULL::text AS project, NULL::text AS transport, (SELECT max(i.version) FROM patchmail.installed i) AS version,
       (SELECT max(p.last_mail) FROM project p) AS last_mail,
       date_trunc('second', now() - (SELECT max(p.last_mail) FROM project p)) AS lag,
       coalesce((SELECT sum(r.mails) FROM recent r), 0)::bigint AS last_day,
       coalesce((SELECT sum(w.mails) FROM waiting w), 0)::bigint AS waiting,
       (SELECT count(*) FROM patchmail.quarantine) AS quarantined,
       coalesce((SELECT sum(i.mails) FROM ignored i), 0)::bigint AS ignored,
       (SELECT count(*) FROM patchmail.overdue) AS overdue,
       (SELECT count(*) FROM patchmail.deferred_uid d WHERE d.attempts > 0) AS deferred,
       (SELECT date_trunc('second', now() - max(c.moved)) FROM patchmail.cursor c) AS imap_idle,
       (SELECT string_agg(format('%s: %s', e.mails, e.reason), '; ' ORDER BY e.mails DESC, e.reason)
          FROM (SELECT t.reason, count(*) AS mails FROM trouble t GROUP BY 1) e) AS errors,
       (SELECT count(*) FROM patchmail.deferred_event) AS undelivered,
       (SELECT date_trunc('second', now() - min(h.oldest)) FROM hook h) AS hook_lag
UNION ALL
(SELECT p.linkname, NULL, NULL, p.last_mail, date_trunc('second', now() - p.last_mail),
        coalesce((SELECT sum(r.mails) FROM recent r WHERE r.id = p.id), 0)::bigint,
        coalesce((SELECT w.mails FROM waiting w WHERE w.project_id = p.id), 0),
        (SELECT count(*) FROM quarantined q WHERE p.linkname = ANY (q.projects)),
        coalesce((SELECT i.mails FROM ignored i WHERE i.list_id = p.listid), 0),
        (SELECT count(*) FROM overdue o WHERE p.linkname = ANY (o.projects)), NULL, NULL,
        (SELECT string_agg(format('%s: %s', e.mails, e.reason), '; ' ORDER BY e.mails DESC, e.reason)
           FROM (SELECT t.reason, count(*) AS mails FROM trouble t WHERE p.linkname = ANY (t.projects) GROUP BY 1) e),
        NULL, NULL
   FROM project p ORDER BY p.linkname)
UNION ALL
(SELECT p.linkname, r.transport, NULL, r.last_mail, date_trunc('second', now() - r.last_mail), r.mails, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL
   FROM recent r JOIN project p ON p.id = r.id ORDER BY p.linkname, r.transport);
COMMENT ON VIEW patchmail.status IS
    'How things stand: in all, a row a project, and a row a project and transport of the last day.';
