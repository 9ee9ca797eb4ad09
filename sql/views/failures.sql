-- patchmail.failures: what could not be stored in the last 24 hours, the newest first: mail in quarantine, mail of IMAP
-- mailboxes that is deferred, mail that was not stored in time; and how much was ignored although it may have been
-- meant for a project, a row a list and reason.  Mail that looks like a patch and gave none is in quarantine.
CREATE OR REPLACE VIEW patchmail.failures AS
SELECT q.last_try AS at, 'quarantined' AS what, q.id AS quarantine_id, q.projects, q.msgid, q.subject, q.reason,
       q.attempts::bigint AS times
  FROM patchmail.quarantined q WHERE q.last_try > now() - interval '1 day'
UNION ALL
SELECT d.last_try, 'deferred', NULL, NULL,
       _patchmail.printable(format('%s/%s uid %s', d.account, d.mailbox, d.uid)), NULL,
       _patchmail.printable(d.reason, 400), d.attempts
  FROM patchmail.deferred_uid d WHERE d.last_try > now() - interval '1 day'
UNION ALL
SELECT o.last_try, 'overdue', NULL, replace(o.projects, ', ', ' '), _patchmail.printable(o.msgid), NULL,
       format('storing it takes longer than %s seconds', o.seconds), o.attempts
  FROM patchmail.overdue o WHERE o.last_try > now() - interval '1 day'
UNION ALL
SELECT i.last_at, 'ignored', NULL, NULL, i.last_msgid, NULL, concat_ws(': ', i.reason, nullif(i.list_id, '')), i.mails
  FROM patchmail.ignored i
 WHERE i.last_at > now() - interval '1 day' AND (i.reason LIKE 'no project %' OR i.reason = 'it has no list id')
 ORDER BY 1 DESC;
COMMENT ON VIEW patchmail.failures IS 'What could not be stored in the last 24 hours, and why.';
