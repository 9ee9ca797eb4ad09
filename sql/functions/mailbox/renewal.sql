-- _patchmail.renewal(place, source): why an IMAP mailbox is to be read anew.
-- Takes    the mailbox's cursor, and what patchmail.open_mailbox() was given.
-- Gives    the reason in words; NULL if its UIDs are those that are known.
-- Rules    A server of another name may have the same mail: the program finds out, and says "restarted" or "same".
--          A server that does not give the UIDVALIDITY, now or last time, says nothing by that.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.renewal(place patchmail.cursor, source jsonb)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN ($1).uidvalidity > 0 AND ($2->>'uidvalidity')::bigint > 0
             AND ($1).uidvalidity <> ($2->>'uidvalidity')::bigint
        THEN format('its UIDVALIDITY has changed to %s', $2->>'uidvalidity')
        WHEN ($2->>'restarted')::boolean AND ($1).server <> $2->>'server'
        THEN format('it is that of %s now, and was that of %s', $2->>'server', ($1).server)
        WHEN ($2->>'restarted')::boolean AND ($1).last_uid > 0
        THEN 'its UIDs have begun anew, though its UIDVALIDITY has not changed' END;
$$;
