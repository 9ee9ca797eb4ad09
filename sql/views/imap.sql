-- patchmail.imap: how far each IMAP mailbox has been taken, what is left over, and who follows it.
-- Mail that is just being fetched is not deferred.
-- For admins: mail that is deferred again and again is in patchmail.deferred_uid, with the reason.
CREATE OR REPLACE VIEW patchmail.imap AS
    SELECT c.account, c.mailbox, c.uidvalidity, c.last_uid, c.moved,
           (SELECT count(*) FROM patchmail.deferred_uid d
             WHERE d.account = c.account AND d.mailbox = c.mailbox AND d.attempts > 0) AS deferred,
           (SELECT count(*) FROM patchmail.unsettled_uid u
             WHERE u.account = c.account AND u.mailbox = c.mailbox) AS unsettled,
           c.deliverer, c.holder, c.held_until
      FROM patchmail.cursor c;
COMMENT ON VIEW patchmail.imap IS 'How far each IMAP mailbox has been taken, what is left over, and who follows it.';
