-- _patchmail.note_uids(account, mailbox, numbers): mails of an IMAP mailbox have been taken, are deferred, or on their
-- way.
-- Touches  patchmail.taken_uid.
-- Locks    nothing; the caller has the mailbox's cursor.
CREATE OR REPLACE FUNCTION _patchmail.note_uids(account text, mailbox text, numbers bigint[])
RETURNS void LANGUAGE sql AS $$
    INSERT INTO patchmail.taken_uid AS t (account, mailbox, block, uids)
    SELECT $1, $2, n.uid / 1024, bit_or(set_bit(B'0'::bit(1024), (n.uid % 1024)::integer, 1))
      FROM unnest($3) n(uid) GROUP BY n.uid / 1024
    ON CONFLICT ON CONSTRAINT taken_uid_pkey DO UPDATE SET uids = t.uids | excluded.uids
     WHERE t.uids <> t.uids | excluded.uids;
$$;
