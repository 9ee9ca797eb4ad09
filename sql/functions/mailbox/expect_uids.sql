-- patchmail.expect_uids(source, uids): mails of an IMAP mailbox are about to be asked for.
-- Takes    {"account", "mailbox", "uidvalidity", "holder"}, and their UIDs.
-- Gives    how many of them are to come; the others have been taken before.
-- Rules    The cursor goes past them at once, and each stays in patchmail.deferred_uid until it is taken, is gone, or
--          is deferred: so they may come in any order, or not at all.  While it is being asked for, that row says so;
--          if it still does when the mail is asked for again, the process ended over it, and that counts as an attempt.
--          Nobody waits until that is on the disk: what stores a mail comes after it in the log of the server (WAL).
-- Errors   As _patchmail.lock_cursor.
-- Touches  patchmail.cursor, patchmail.taken_uid, patchmail.deferred_uid.
-- Locks    the mailbox's cursor.
CREATE OR REPLACE FUNCTION patchmail.expect_uids(source jsonb, uids bigint[])
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place patchmail.cursor;
    old   integer;
    new   bigint[];
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    place := _patchmail.lock_cursor(source);
    UPDATE patchmail.deferred_uid d
       SET attempts = d.attempts + d.asked::integer, asked = true, last_try = now()
     WHERE d.account = place.account AND d.mailbox = place.mailbox AND d.uid = ANY (uids);
    GET DIAGNOSTICS old = ROW_COUNT;
    WITH inserted AS (
        INSERT INTO patchmail.deferred_uid (account, mailbox, uid, attempts, reason, asked)
        SELECT DISTINCT place.account, place.mailbox, u.uid, 0, 'it is being fetched', true
          FROM unnest(uids) u(uid) WHERE NOT _patchmail.knows_uid(place, u.uid)
            ON CONFLICT DO NOTHING
        RETURNING uid
    )
    SELECT coalesce(array_agg(i.uid), '{}') INTO new FROM inserted i;
    UPDATE patchmail.cursor c SET last_uid = greatest(c.last_uid, (SELECT max(u.uid) FROM unnest(new) u(uid)))
     WHERE c.account = place.account AND c.mailbox = place.mailbox;
    PERFORM _patchmail.note_uids(place.account, place.mailbox, new);
    RETURN old + cardinality(new);
END
$$;
COMMENT ON FUNCTION patchmail.expect_uids(jsonb, bigint[]) IS
    'For patchmaild: mails of an IMAP mailbox are about to be fetched.';
