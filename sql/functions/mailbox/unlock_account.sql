-- patchmail.unlock_account(source): a process no longer follows an IMAP account, and another one may at once.
-- Takes    {"account", "holder"}, as patchmail.lock_account().
-- Gives    whether it had a mailbox of it.
-- Rules    What it had asked for and did not take is no mail's fault.
-- Touches  patchmail.cursor (holder, held_until), patchmail.deferred_uid (asked).
CREATE OR REPLACE FUNCTION patchmail.unlock_account(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE patchmail.deferred_uid d SET asked = false FROM patchmail.cursor c
     WHERE c.account = source->>'account' AND c.holder = source->>'holder' AND _patchmail.may_follow(c.deliverer)
       AND d.account = c.account AND d.mailbox = c.mailbox AND d.asked;
    UPDATE patchmail.cursor c SET holder = NULL, held_until = NULL
     WHERE c.account = source->>'account' AND c.holder = source->>'holder' AND _patchmail.may_follow(c.deliverer);
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION patchmail.unlock_account(jsonb) IS
    'For patchmaild: gives up an IMAP account.';
