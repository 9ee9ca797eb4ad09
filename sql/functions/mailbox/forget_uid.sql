-- patchmail.forget_uid(source): a mail that was deferred is gone from its IMAP mailbox.
-- Takes    {"account", "mailbox", "uidvalidity", "uid"}; of another uidvalidity than the mailbox has now it is another
--          mail.
-- Gives    whether it was known as deferred.
-- Rules    A mailbox of another deliverer is left alone.
-- Touches  patchmail.deferred_uid.
CREATE OR REPLACE FUNCTION patchmail.forget_uid(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    DELETE FROM patchmail.deferred_uid d USING patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox'
       AND c.uidvalidity = coalesce((source->>'uidvalidity')::bigint, 0) AND _patchmail.may_follow(c.deliverer)
       AND d.account = c.account AND d.mailbox = c.mailbox AND d.uid = (source->>'uid')::bigint;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION patchmail.forget_uid(jsonb) IS
    'For patchmaild: a deferred mail of an IMAP mailbox is gone from it.';
