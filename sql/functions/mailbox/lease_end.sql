-- _patchmail.lease_end(): when a lease on an IMAP mailbox or an archive ends that is given now.
-- Rules    The process asks again after a third of it (LEASE_RENEW in daemon/database/lease.h).  Its length is how
--          long mail waits for another process after one that was killed.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.lease_end()
RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + interval '30 seconds';
$$;
