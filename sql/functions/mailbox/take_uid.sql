-- _patchmail.take_uid(source): notes that a mail of an IMAP mailbox is taken, in the transaction that stores it.
-- Takes    {"account", "mailbox", "uidvalidity", "holder", "uid", "after" (optional: the mail is moved, marked or
--          deleted then)}.
-- Gives    whether it was there to be taken; false: it has been taken before, and must not be stored again.
-- Errors   If the mailbox has got another uidvalidity meanwhile the mail is another one: serialization_failure.
--          A mailbox of another deliverer: insufficient_privilege.  One that another process has: object_in_use.
-- Touches  patchmail.cursor, patchmail.taken_uid, patchmail.deferred_uid, patchmail.unsettled_uid.
-- Locks    the mailbox's cursor, so that of two processes one is second.
CREATE OR REPLACE FUNCTION _patchmail.take_uid(source jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    place  patchmail.cursor := _patchmail.lock_cursor(source);
    number bigint := (source->>'uid')::bigint;
BEGIN
    DELETE FROM patchmail.deferred_uid d
     WHERE d.account = place.account AND d.mailbox = place.mailbox AND d.uid = number;
    IF NOT FOUND AND _patchmail.knows_uid(place, number) THEN
        RETURN false;
    END IF;
    UPDATE patchmail.cursor c
       SET last_uid = greatest(c.last_uid, number), moved = now(),
           held_until = CASE WHEN c.holder IS NOT NULL THEN _patchmail.lease_end() END
     WHERE c.account = place.account AND c.mailbox = place.mailbox;
    PERFORM _patchmail.note_uids(place.account, place.mailbox, ARRAY[number]);
    IF (source->>'after')::boolean THEN
        INSERT INTO patchmail.unsettled_uid (account, mailbox, uid) VALUES (place.account, place.mailbox, number)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN true;
END
$$;
