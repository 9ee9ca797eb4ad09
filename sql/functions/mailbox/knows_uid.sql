-- _patchmail.knows_uid(place, number): whether a mail of an IMAP mailbox has been taken, or is deferred.
-- Takes    the mailbox's cursor, and the UID.
-- Rules    What is above the cursor is new: an admin may have set it back.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.knows_uid(place patchmail.cursor, number bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT $2 <= ($1).last_uid
       AND ($2 <= ($1).trusted_uid
            OR EXISTS (SELECT FROM patchmail.taken_uid t
                        WHERE t.account = ($1).account AND t.mailbox = ($1).mailbox AND t.block = $2 / 1024
                          AND get_bit(t.uids, ($2 % 1024)::integer) = 1));
$$;
