-- patchmail.settle_uid(source): a mail that was stored has been moved, marked or deleted in its IMAP mailbox, as
-- wanted.
-- Takes    {"account", "mailbox", "uidvalidity", "uid"}; of another uidvalidity than the mailbox has now it is another
--          mail.
-- Gives    whether that was still open.
-- Rules    Nobody waits until that is on the disk: if it is lost, the same is done with the mail once more, which
--          changes nothing.  A mailbox of another deliverer is left alone.
-- Touches  patchmail.unsettled_uid.
CREATE OR REPLACE FUNCTION patchmail.settle_uid(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM patchmail.unsettled_uid u USING patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox'
       AND c.uidvalidity = coalesce((source->>'uidvalidity')::bigint, 0) AND _patchmail.may_follow(c.deliverer)
       AND u.account = c.account AND u.mailbox = c.mailbox AND u.uid = (source->>'uid')::bigint;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION patchmail.settle_uid(jsonb) IS
    'For patchmaild: a stored mail of an IMAP mailbox has been flagged, moved or deleted as the account wants it.';
