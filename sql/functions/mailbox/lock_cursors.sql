-- _patchmail.lock_cursors(sources): the cursors of the IMAP mailboxes that the mails of a batch come from.
-- Takes    the sources of a batch; those that come from no mailbox are passed over.
-- Errors   As _patchmail.lock_cursor.
-- Locks    these cursors, in the order of accounts and mailboxes.
CREATE OR REPLACE FUNCTION _patchmail.lock_cursors(sources jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.lock_cursor(p.place)
       FROM (SELECT DISTINCT jsonb_build_object('account', s->'account', 'mailbox', s->'mailbox',
                                                'uidvalidity', s->'uidvalidity', 'holder', s->'holder') AS place
               FROM jsonb_array_elements(sources) s WHERE s ? 'uid' ORDER BY place) p;
END
$$;
