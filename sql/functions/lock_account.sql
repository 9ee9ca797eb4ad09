-- patchmail.lock_account(source): that one process alone follows an IMAP account.
-- Takes    {"account"}.
-- Gives    whether the session has the account now, or had it before; false: another session has it.
-- Locks    the account, as long as the session lasts.  Behind a pool that shares sessions this says nothing; that no mail is
--          taken twice does not depend on it, see patchmail.take_uid.
CREATE OR REPLACE FUNCTION patchmail.lock_account(source jsonb)
RETURNS boolean LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT pg_try_advisory_lock(hashtext('patchmail.account'), hashtext(source->>'account'));
$$;
