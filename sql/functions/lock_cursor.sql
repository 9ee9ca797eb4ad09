-- patchmail.lock_cursor(source): the cursor of an IMAP mailbox, for a mail of it.
-- Takes    {"account", "mailbox", "uidvalidity"}.
-- Gives    the row.
-- Errors   Where the mailbox has got another uidvalidity meanwhile the mail is another one: serialization_failure.
-- Locks    the mailbox's cursor, so that of two processes one is second.
CREATE OR REPLACE FUNCTION patchmail.lock_cursor(source jsonb)
RETURNS patchmail.cursor LANGUAGE plpgsql AS $$
DECLARE
    place patchmail.cursor;
BEGIN
    SELECT * INTO place FROM patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox' FOR UPDATE;
    IF place.uidvalidity IS DISTINCT FROM (source->>'uidvalidity')::bigint THEN
        RAISE EXCEPTION 'the mailbox % of % has another UIDVALIDITY now', source->>'mailbox', source->>'account'
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN place;
END
$$;
