-- _patchmail.lowest_gap(place): from which UID on to look for new mail of an IMAP mailbox.
-- Takes    the mailbox's cursor.
-- Gives    the least UID that is not known among the last 1,000 up to the cursor, since servers show mail late; the
--          next one after it if all of these are.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.lowest_gap(place patchmail.cursor)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(min(n.uid), ($1).last_uid + 1)
      FROM generate_series(greatest(($1).last_uid - 999, ($1).trusted_uid + 1, 1), ($1).last_uid) AS n (uid)
      LEFT JOIN patchmail.taken_uid t
        ON t.account = ($1).account AND t.mailbox = ($1).mailbox AND t.block = n.uid / 1024
     WHERE t.uids IS NULL OR get_bit(t.uids, (n.uid % 1024)::integer) = 0;
$$;
