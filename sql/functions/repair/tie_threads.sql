-- _patchmail.tie_threads(ids): makes one thread of those that mails are of.
-- Takes    ledger ids of mails of one project.
-- Gives    the thread.
-- Touches  patchmail.message (thread).
CREATE OR REPLACE FUNCTION _patchmail.tie_threads(ids bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    tied bigint[] := ARRAY(SELECT DISTINCT m.thread FROM patchmail.message m WHERE m.id = ANY (ids) ORDER BY m.thread);
BEGIN
    UPDATE patchmail.message m SET thread = tied[1] WHERE m.thread = ANY (tied[2:]);
    RETURN tied[1];
END
$$;
