-- _patchmail.settle_retry(quarantine_id, outcome, reason, held): what becomes of a mail in quarantine that was tried
-- again.
-- Takes    what patchmail.store answers; held: also if other projects stored it.
-- Gives    its id if it stays, else NULL.
-- Rules    It goes only if the database has all of it now.
-- Touches  patchmail.quarantine, _quarantine_part.
CREATE OR REPLACE FUNCTION _patchmail.settle_retry(quarantine_id bigint, outcome text, reason text, held text)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF held IS NULL AND outcome IN ('stored', 'waiting', 'duplicate') THEN
        DELETE FROM patchmail.quarantine q WHERE q.id = settle_retry.quarantine_id;
        RETURN NULL;
    END IF;
    UPDATE patchmail.quarantine q
       SET reason = coalesce(held, outcome || ': ' || settle_retry.reason), attempts = q.attempts + 1, last_try = now(),
           mark = NULL, marked_by = NULL
     WHERE q.id = settle_retry.quarantine_id;
    RETURN quarantine_id;
END
$$;
