-- _patchmail.due_uids(place, retry, attempts): which deferred mails of an IMAP mailbox are to be tried again.
-- Takes    the mailbox's cursor; for how many seconds a mail that was deferred is left alone; and after how many
--          attempts one that the server does not hand over is left alone for an hour.
-- Gives    all that are deferred, with whether their time has come: those with the fewest attempts come first.
-- Rules    One that the server did not hand over, or over which a process ended, is to be asked for alone: the first
--          time again at the next visit.  One that was only on its way is no such mail.
--          What failed for one and the same reason is tried together, as often as the one of them that was tried most:
--          each time it is left alone for twice as long, for five minutes in the end.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.due_uids(place patchmail.cursor, retry integer, attempts integer)
RETURNS TABLE (uid bigint, attempts integer, reason text, alone boolean, due boolean) LANGUAGE sql STABLE AS $$
    SELECT d.uid, d.attempts, d.reason, d.alone,
           max(d.last_try) OVER same <= now() - CASE
               WHEN d.attempts = 0 OR d.alone AND d.attempts = 1 AND $3 > 1 THEN '0'
               WHEN d.alone AND d.attempts >= $3 THEN greatest(w.wait, '1 hour')
               WHEN d.alone THEN w.wait
               ELSE greatest(w.wait, least(w.wait * (2 ^ (least(max(d.attempts) OVER same, 20) - 1)), '5 minutes')) END
      FROM (SELECT f.*, f.attempts > 0 AND (f.withheld OR f.asked) AS alone FROM patchmail.deferred_uid f
             WHERE f.account = ($1).account AND f.mailbox = ($1).mailbox) d,
           (SELECT make_interval(secs => coalesce($2, 0)) AS wait) w
    WINDOW same AS (PARTITION BY d.reason, CASE WHEN d.alone OR d.attempts = 0 THEN d.uid END)
     ORDER BY d.attempts, d.uid;
$$;
