-- _patchmail.note_uid(account, mailbox, number): a mail of an IMAP mailbox has been taken, or is deferred.
-- Touches  patchmail.taken_uid.
-- Locks    nothing; the caller has the mailbox's cursor.
CREATE OR REPLACE FUNCTION _patchmail.note_uid(account text, mailbox text, number bigint)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO patchmail.taken_uid AS t (account, mailbox, block, uids)
    VALUES ($1, $2, $3 / 1024, set_bit(B'0'::bit(1024), ($3 % 1024)::integer, 1))
    ON CONFLICT ON CONSTRAINT taken_uid_pkey DO UPDATE SET uids = t.uids | excluded.uids;
$$;
