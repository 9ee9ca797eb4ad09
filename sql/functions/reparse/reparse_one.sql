-- _patchmail.reparse_one(stored, facts, arrived): _patchmail.reparse_message with what is not a mail's own fault told
-- apart.
-- Takes    its ledger row, the facts, and "arrived" of the bytes in patchmail.raw, NULL for others.
-- Gives    as _patchmail.reparse_message.  A mail that its parser rejects now, or that no table can hold, is left
--          alone, and so is one of which these are not the bytes that count.
-- Touches  what _patchmail.reparse_message touches.
CREATE OR REPLACE FUNCTION _patchmail.reparse_one(stored patchmail.message, facts jsonb, arrived timestamptz)
RETURNS patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    own   boolean := stored.arrived = reparse_one.arrived IS TRUE;
    fault text := coalesce(facts->>'rejected',
                             CASE facts->>'kind' WHEN 'empty' THEN 'it has neither text nor diff' END);
BEGIN
    IF fault IS NOT NULL THEN
        RETURN _patchmail.left_alone(stored, 'today it would not be stored: ' || fault);
    ELSIF stored.edited THEN
        RETURN _patchmail.left_alone(stored, 'somebody was forgotten in it');
    ELSIF NOT own AND EXISTS (SELECT FROM patchmail.raw r
                               WHERE r.msgid = stored.msgid AND r.arrived = stored.arrived) THEN
        RETURN NULL;
    END IF;
    RETURN _patchmail.reparse_message(stored, facts, own);
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    fault := patchmail.facts_fault(facts::text);
    IF fault IS NULL THEN
        RAISE;
    END IF;
    RETURN _patchmail.left_alone(stored, 'the database cannot hold it: ' || fault);
END
$$;
