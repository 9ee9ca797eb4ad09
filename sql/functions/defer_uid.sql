-- patchmail.defer_uid(source, reason): a mail of an IMAP mailbox could not be stored, and will be tried again.
-- Takes    {"account", "mailbox", "uid"}, and why.
-- Gives    how often it has been tried.
-- Rules    The cursor goes past it, so that the others are not held up.
-- Touches  patchmail.cursor, patchmail.deferred_uid.
-- Locks    the mailbox's cursor.
CREATE OR REPLACE FUNCTION patchmail.defer_uid(source jsonb, reason text)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE patchmail.cursor c SET last_uid = greatest(c.last_uid, (source->>'uid')::bigint), moved = now()
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox';
    INSERT INTO patchmail.deferred_uid AS d (account, mailbox, uid, reason)
    VALUES (source->>'account', source->>'mailbox', (source->>'uid')::bigint, defer_uid.reason)
    ON CONFLICT (account, mailbox, uid) DO UPDATE
       SET attempts = d.attempts + 1, reason = excluded.reason, last_try = now()
    RETURNING d.attempts;
$$;
