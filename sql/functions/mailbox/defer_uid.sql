-- patchmail.defer_uid(source, reason): a mail of an IMAP mailbox could not be stored, and will be tried again.
-- Takes    {"account", "mailbox", "uidvalidity", "holder", "uid", "withheld" (optional: the server does not hand it
--          over)}, and why.
-- Gives    how often it has been tried in vain; 0 if it has been taken meanwhile.
-- Rules    The cursor goes past it, so that the others are not held up.
-- Errors   If the mailbox has got another uidvalidity meanwhile the mail is another one: serialization_failure.
--          A mailbox of another deliverer: insufficient_privilege.  One that another process has: object_in_use.
-- Touches  patchmail.cursor, patchmail.taken_uid, patchmail.deferred_uid.
-- Locks    the mailbox's cursor.
CREATE OR REPLACE FUNCTION patchmail.defer_uid(source jsonb, reason text)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place  patchmail.cursor := _patchmail.lock_cursor(source);
    number bigint := (source->>'uid')::bigint;
    held   boolean := coalesce((source->>'withheld')::boolean, false);
    tries  integer;
BEGIN
    UPDATE patchmail.deferred_uid d
       SET attempts = d.attempts + 1, reason = defer_uid.reason, last_try = now(), withheld = held,
           asked = false
     WHERE d.account = place.account AND d.mailbox = place.mailbox AND d.uid = number
    RETURNING d.attempts INTO tries;
    IF FOUND THEN
        RETURN tries;
    ELSIF _patchmail.knows_uid(place, number) THEN
        RETURN 0;
    END IF;
    UPDATE patchmail.cursor c SET last_uid = greatest(c.last_uid, number), moved = now()
     WHERE c.account = place.account AND c.mailbox = place.mailbox;
    PERFORM _patchmail.note_uids(place.account, place.mailbox, ARRAY[number]);
    INSERT INTO patchmail.deferred_uid (account, mailbox, uid, reason, withheld)
    VALUES (place.account, place.mailbox, number, defer_uid.reason, held);
    RETURN 1;
END
$$;
COMMENT ON FUNCTION patchmail.defer_uid(jsonb, text) IS
    'For patchmaild: a mail of an IMAP mailbox is to be tried again.';
