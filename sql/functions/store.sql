-- patchmail.store(facts, raw, source): stores one mail.  The one call that a deliverer makes.
-- Takes    the facts of the mail (patchmaild-facts(5)), its bytes, and where it came from:
--          {"transport", "list_id" (optional, overrides the headers), "position" (optional)}; of an IMAP mailbox also
--          what patchmail.take_uid wants.
-- Gives    one row: the outcome (stored, duplicate, waiting, ignored, quarantined), the reason in words or NULL, and
--          the quarantine's id where it is one.  Over several projects: the best of them in the order stored, waiting,
--          duplicate, ignored.
-- Touches  Patchwork's tables and the ledger.  One call is one transaction of the caller.
-- Locks    each of the mail's projects, in the order of their ids.
-- Errors   A mail that the tables cannot hold (SQLSTATE classes 22, 23, 54) is quarantined.  Every other error is the
--          caller's: the mail may be given again.  An admin's pattern that is no regular expression is such.
-- Speed    A deliverer has a new connection for each mail: every function is compiled, every statement parsed and
--          planned anew, and what they name is looked up in the catalogues.  That is most of the time.  So what runs
--          for every mail is kept to few functions and few, simple statements.  In them text is compared with text,
--          since for varchar PostgreSQL goes through all operators of that name; and they neither sort nor group nor
--          look for one of an array without need, since each takes a dozen look-ups.  A table that is empty at most
--          sites is first asked for its size, which is a third of the price of looking into it.
--          Without sequential scans, because an import keeps the plans that it made while the tables were
--          empty; without compilation, which their price would bring about.
CREATE OR REPLACE FUNCTION patchmail.store(facts jsonb, raw bytea, source jsonb,
                                           OUT outcome text, OUT reason text, OUT quarantine_id bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog SET enable_seqscan = off SET jit = off AS $$
DECLARE
    project integer;
    here    record;
BEGIN
    IF source->>'uid' IS NOT NULL AND NOT patchmail.take_uid(source) THEN
        outcome := 'duplicate';
        reason := 'it has been taken from its mailbox before';
        RETURN;
    END IF;
    IF facts->>'facts' = '1' AND facts->>'rejected' IS NULL
       AND (facts->>'kind' = 'empty' OR (facts->'hints'->>'ignore')::boolean) IS NOT TRUE THEN
        BEGIN
            FOREACH project IN ARRAY patchmail.find_projects(facts, source) LOOP
                here := patchmail.store_message(project, facts);
                IF outcome IS NULL OR here.outcome = 'stored' OR outcome = 'ignored'
                   OR outcome = 'duplicate' AND here.outcome = 'waiting' THEN
                    outcome := here.outcome;
                    reason := here.reason;
                END IF;
            END LOOP;
            IF outcome IS NULL THEN
                outcome := 'ignored';
                reason := 'no project has its list id';
            END IF;
        EXCEPTION
            WHEN invalid_regular_expression THEN
                RAISE;
            WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
                outcome := 'quarantined';
                reason := format('the database cannot hold it: %s (%s)', SQLERRM, SQLSTATE);
        END;
    ELSIF facts->>'facts' IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'facts of version % are not known here', facts->>'facts'
            USING ERRCODE = 'feature_not_supported';
    ELSIF facts->>'rejected' IS NOT NULL THEN
        outcome := 'quarantined';
        reason := facts->>'rejected';
    ELSE
        outcome := 'ignored';
        reason := CASE facts->>'kind' WHEN 'empty' THEN 'it has neither text nor diff'
                                      ELSE 'X-Patchwork-Hint says ignore' END;
    END IF;
    IF outcome = 'quarantined' THEN
        quarantine_id := patchmail.quarantine_message(facts, raw, source, reason);
    END IF;
END
$$;
