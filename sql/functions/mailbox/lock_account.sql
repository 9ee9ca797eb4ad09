-- patchmail.lock_account(source): that one process alone follows an IMAP account, for a while.
-- Takes    {"account", "holder", "gone" (optional)}: a name that only this process has, and the name of one that is
--          known to have ended.
-- Gives    NULL: it has the account now, until _patchmail.lease_end(); else who has it.
-- Rules    The lease is in the rows of the account's mailboxes, so it needs no session; it ends by time alone.
--          It is renewed by asking again, and by every mail.  A new account has no mailbox yet: there
--          patchmail.open_mailbox() decides.  That no mail is taken twice does not depend on it, see
--          _patchmail.take_uid.  A mailbox of another deliverer is left alone.
--          Nobody waits until that is on the disk: a lease that is lost is asked for again.
-- Touches  patchmail.cursor (holder, held_until).
-- Locks    the cursors of the account, but waits for nobody: who has one locked is alive.
CREATE OR REPLACE FUNCTION patchmail.lock_account(source jsonb)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    other text;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM FROM patchmail.cursor c
      WHERE c.account = source->>'account' AND _patchmail.may_follow(c.deliverer)
      ORDER BY c.mailbox FOR NO KEY UPDATE NOWAIT;
    SELECT c.holder INTO other FROM patchmail.cursor c
     WHERE c.account = source->>'account' AND _patchmail.may_follow(c.deliverer)
       AND c.held_until > clock_timestamp() AND c.holder IS DISTINCT FROM source->>'holder'
       AND c.holder IS DISTINCT FROM source->>'gone'
     ORDER BY c.mailbox LIMIT 1;
    IF NOT FOUND THEN
        UPDATE patchmail.cursor c SET holder = source->>'holder', held_until = _patchmail.lease_end()
         WHERE c.account = source->>'account' AND _patchmail.may_follow(c.deliverer);
    END IF;
    RETURN other;
EXCEPTION WHEN lock_not_available THEN
    RETURN (SELECT coalesce(max(c.holder), 'a transaction that is not over') FROM patchmail.cursor c
             WHERE c.account = source->>'account' AND _patchmail.may_follow(c.deliverer));
END
$$;
COMMENT ON FUNCTION patchmail.lock_account(jsonb) IS
    'For patchmaild: takes an IMAP account for the process that follows it.';
