-- _patchmail.due_uids(place, retry, attempts): which deferred mails of an IMAP mailbox are to be tried again.
-- Takes    the mailbox's cursor; for how many seconds a mail that was deferred is left alone; and after how many
--          attempts one that the server does not hand over is left alone for an hour.
-- Gives    all that are deferred, with whether their time has come: those with the fewest attempts come first.
-- Rules    One that the server did not hand over, or over which a process ended, is to be asked for alone, at every
--          visit until that was so many attempts: it may have been the network.  One that was only on its way is no
--          such mail. Those that failed for one reason are tried together: the first shows the program whether it still
--          holds.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.due_uids(place patchmail.cursor, retry integer, attempts integer)
RETURNS TABLE (uid bigint, attempts integer, reason text, alone boolean, due boolean) LANGUAGE sql STABLE AS $$
    SELECT d.uid, d.attempts, d.reason, a.alone,
           d.last_try <= now() - CASE WHEN d.attempts = 0 OR a.alone AND d.attempts < $3 THEN '0'
                                      WHEN a.alone THEN greatest(w.wait, '1 hour')
                                      ELSE w.wait END
      FROM patchmail.deferred_uid d, (SELECT make_interval(secs => coalesce($2, 0)) AS wait) w,
           LATERAL (SELECT d.attempts > 0 AND (d.withheld OR d.asked) AS alone) a
     WHERE d.account = ($1).account AND d.mailbox = ($1).mailbox
     ORDER BY d.attempts, d.uid;
$$;
