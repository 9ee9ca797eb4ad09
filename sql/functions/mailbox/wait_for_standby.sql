-- _patchmail.wait_for_standby(): the transaction is not committed before a synchronous standby has all that was before
-- it.
-- Why      A mail that is there may be on no standby yet: the program gave up the COMMIT that stored it, which waited
--          for one.  PostgreSQL waits for them only in a transaction that writes, and one that finds a duplicate does
--          not.
-- Touches  nothing.  It writes a word into the log of the server (WAL) if synchronous_standby_names names somebody.
CREATE OR REPLACE FUNCTION _patchmail.wait_for_standby()
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('synchronous_standby_names') <> '' THEN
        PERFORM pg_logical_emit_message(true, 'patchmail', '');
    END IF;
END
$$;
