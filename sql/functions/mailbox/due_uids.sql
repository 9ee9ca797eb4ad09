-- _patchmail.due_uids(place, retry, attempts): which deferred mails of an IMAP mailbox are to be tried again.
-- Takes    the mailbox's cursor; for how many seconds a mail that was deferred is left alone; and after how many
--          attempts one that the server does not hand over is left alone for an hour.
-- Gives    all that are deferred, with whether their time has come: those with the fewest attempts come first.
-- Rules    What failed for one and the same reason is tried together, as often as the one of them that was tried most:
--          each time it is left alone for twice as long, for five minutes in the end.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.due_uids(place patchmail.cursor, retry integer, attempts integer)
RETURNS TABLE (uid bigint, attempts integer, reason text, due boolean) LANGUAGE sql STABLE AS $$
    SELECT d.uid, d.attempts, d.reason,
           max(d.last_try) OVER same <= now() - CASE
               WHEN d.withheld AND d.attempts >= $3 THEN greatest(w.wait, '1 hour')
               WHEN d.withheld THEN w.wait
               ELSE greatest(w.wait, least(w.wait * (2 ^ (least(max(d.attempts) OVER same, 20) - 1)), '5 minutes')) END
      FROM patchmail.deferred_uid d, (SELECT make_interval(secs => coalesce($2, 0)) AS wait) w
     WHERE d.account = ($1).account AND d.mailbox = ($1).mailbox
    WINDOW same AS (PARTITION BY d.reason, CASE WHEN d.withheld THEN d.uid END)
     ORDER BY d.attempts, d.uid;
$$;
