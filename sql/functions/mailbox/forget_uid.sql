-- patchmail.forget_uid(source): a mail that was deferred is gone from its IMAP mailbox.
-- Takes    {"account", "mailbox", "uidvalidity", "uid"}; of another uidvalidity than the mailbox has now it is another
--          mail.
-- Gives    whether it was known as deferred.
-- Rules    If it is there after all it will be found again.  A mailbox of another deliverer is left alone.
-- Touches  patchmail.deferred_uid, patchmail.taken_uid.
CREATE OR REPLACE FUNCTION patchmail.forget_uid(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    DELETE FROM patchmail.deferred_uid d USING patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox'
       AND c.uidvalidity = coalesce((source->>'uidvalidity')::bigint, 0) AND _patchmail.may_follow(c.deliverer)
       AND d.account = c.account AND d.mailbox = c.mailbox AND d.uid = (source->>'uid')::bigint;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE patchmail.taken_uid t SET uids = set_bit(t.uids, ((source->>'uid')::bigint % 1024)::integer, 0)
     WHERE t.account = source->>'account' AND t.mailbox = source->>'mailbox'
       AND t.block = (source->>'uid')::bigint / 1024;
    RETURN true;
END
$$;
COMMENT ON FUNCTION patchmail.forget_uid(jsonb) IS
    'For patchmaild: a deferred mail of an IMAP mailbox is gone from it.';
