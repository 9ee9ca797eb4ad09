-- _patchmail.fault_of_error(facts, source, again, state, message, key_name, context): decides what becomes of a mail
-- that could not be stored: quarantine, another try, or an error.
-- Takes    what patchmail.store was given; whether this was the second try already (else NULL); and what PostgreSQL
--          says of the error: SQLSTATE, message, constraint, context.
-- Gives    why the mail is to be quarantined; NULL if store is to try it once more, because Patchwork had stored it and
--          the ledger has just taken that over.
-- Errors   If the fault is not the mail's: the same SQLSTATE, and a message that says what an admin has to do.  If
--          somebody else stored the same at that moment: serialization_failure.
-- Touches  through _patchmail.adopt_known.
CREATE OR REPLACE FUNCTION _patchmail.fault_of_error(facts jsonb, source jsonb, again boolean, state text, message text,
                                                    key_name text, context text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    fault text;
BEGIN
    IF left(state, 2) IN ('22', '23', '54') THEN
        fault := 'the database cannot hold it: ' || patchmail.facts_fault(facts::text);
        IF fault IS NOT NULL OR state = '23505' AND again IS NULL AND _patchmail.adopt_known(facts, source) THEN
            RETURN fault;
        END IF;
    END IF;
    RAISE EXCEPTION USING
        MESSAGE = _patchmail.site_fault(state, message, key_name, context),
        ERRCODE = CASE WHEN state = '23505' AND _patchmail.key_sequence(key_name) IS NULL THEN '40001' ELSE state END;
END
$$;
