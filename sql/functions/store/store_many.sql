-- patchmail.store_many(facts, sources): stores many mails in one transaction.
-- Takes    two JSON arrays of the same length: what patchmail.store takes of each mail but its bytes.  "patience" is
--          looked at in the first source alone, since it holds for the whole transaction.
-- Gives    a row a mail, numbered from 1: what patchmail.store says of it.  Outcome NULL: nothing of it is there, and it
--          has to be given to patchmail.store alone, as whatever needs its bytes, and whatever fails.
-- Errors   What is wrong with the call as a whole.
-- Touches  what patchmail.store does.
CREATE OR REPLACE FUNCTION patchmail.store_many(facts jsonb, sources jsonb)
RETURNS TABLE (number integer, outcome text, reason text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    mail record;
    quarantine_id bigint;
BEGIN
    IF jsonb_array_length(facts) <> jsonb_array_length(sources) THEN
        RAISE EXCEPTION 'facts of % mails, and sources of %', jsonb_array_length(facts), jsonb_array_length(sources)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR mail IN SELECT f.value AS facts, sources->(f.n::integer - 1) AS source, f.n::integer AS n
                  FROM jsonb_array_elements(facts) WITH ORDINALITY f (value, n) ORDER BY f.n LOOP
        number := mail.n;
        BEGIN
            SELECT s.outcome, s.reason, s.quarantine_id INTO outcome, reason, quarantine_id
              FROM patchmail.store(mail.facts, '', mail.source) s;
            IF quarantine_id IS NOT NULL THEN
                RAISE EXCEPTION 'it needs its bytes' USING ERRCODE = 'triggered_action_exception';
            END IF;
        EXCEPTION
            WHEN OTHERS THEN
                outcome := NULL;
                reason := NULL;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
