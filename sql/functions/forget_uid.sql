-- patchmail.forget_uid(source): a mail that was deferred is gone from its IMAP mailbox.
-- Takes    {"account", "mailbox", "uid"}.
-- Gives    whether it was known as deferred.
-- Touches  patchmail.deferred_uid.
CREATE OR REPLACE FUNCTION patchmail.forget_uid(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM patchmail.deferred_uid d
     WHERE d.account = source->>'account' AND d.mailbox = source->>'mailbox' AND d.uid = (source->>'uid')::bigint;
    RETURN FOUND;
END
$$;
