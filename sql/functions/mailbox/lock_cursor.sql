-- _patchmail.lock_cursor(source): the cursor of an IMAP mailbox, for a mail of it.
-- Takes    {"account", "mailbox", "uidvalidity", "holder"}.
-- Gives    the row.
-- Errors   If the mailbox has got another uidvalidity meanwhile the mail is another one: serialization_failure.
--          A mailbox of another deliverer: insufficient_privilege.  One that another process has opened since:
--          object_in_use; that the lease is over matters only then.
-- Locks    the mailbox's cursor, so that of two processes one is second.
CREATE OR REPLACE FUNCTION _patchmail.lock_cursor(source jsonb)
RETURNS patchmail.cursor LANGUAGE plpgsql AS $$
DECLARE
    place patchmail.cursor;
BEGIN
    SELECT * INTO place FROM patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox' FOR UPDATE;
    IF place.uidvalidity IS DISTINCT FROM coalesce((source->>'uidvalidity')::bigint, 0) THEN
        RAISE EXCEPTION 'the mailbox % of % has another UIDVALIDITY now', source->>'mailbox', source->>'account'
            USING ERRCODE = 'serialization_failure';
    ELSIF NOT _patchmail.may_follow(place.deliverer) THEN
        RAISE EXCEPTION 'the mailbox % of % belongs to role %, not to %', place.mailbox, place.account,
            place.deliverer, session_user USING ERRCODE = 'insufficient_privilege';
    ELSIF place.holder IS DISTINCT FROM source->>'holder' THEN
        RAISE EXCEPTION 'another process follows the mailbox % of % now', place.mailbox, place.account
            USING ERRCODE = 'object_in_use';
    END IF;
    RETURN place;
END
$$;
