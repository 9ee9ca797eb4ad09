-- patchmail.unlock_account(source): a process no longer follows an IMAP account, and another one may at once.
-- Takes    {"account", "holder"}, as patchmail.lock_account().
-- Gives    whether it had a mailbox of it.
-- Touches  patchmail.cursor (holder, held_until).
CREATE OR REPLACE FUNCTION patchmail.unlock_account(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE patchmail.cursor c SET holder = NULL, held_until = NULL
     WHERE c.account = source->>'account' AND c.holder = source->>'holder' AND _patchmail.may_follow(c.deliverer);
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION patchmail.unlock_account(jsonb) IS
    'For patchmaild: gives up an IMAP account.';
