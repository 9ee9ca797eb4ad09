-- patchmail.store(facts, raw, source): stores one mail.  The one call that a deliverer makes.
-- Takes    the facts of the mail (patchmaild-facts(5)), its bytes, and where it came from:
--          {"transport", "list_id" (optional, overrides the headers), "position" (optional)}.
-- Gives    one row: the outcome (stored, duplicate, waiting, ignored, quarantined), the reason in words or NULL, and
--          the quarantine's id where it is one.  Over several projects: the best of them in the order stored, waiting,
--          duplicate, ignored.
-- Touches  Patchwork's tables and the ledger.  One call is one transaction of the caller.
-- Locks    each of the mail's projects, in the order of their ids.
-- Errors   A mail that the tables cannot hold (SQLSTATE classes 22, 23, 54) is quarantined.  Every other error is the
--          caller's: the mail may be given again.  An admin's pattern that is no regular expression is such.
-- Speed    A deliverer has a new connection for each mail: every statement is parsed and planned anew, and that is most
--          of the time.  So what runs for every mail is kept to few and simple statements, here and in what it calls.
--          Without sequential scans, because an import keeps the plans that it made while the tables were
--          empty; without compilation, which their price would bring about.
CREATE OR REPLACE FUNCTION patchmail.store(facts jsonb, raw bytea, source jsonb,
                                           OUT outcome text, OUT reason text, OUT quarantine_id bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog SET enable_seqscan = off SET jit = off AS $$
DECLARE
    projects integer[];
    project  public.patchwork_project;
    here     record;
BEGIN
    IF (facts->>'facts')::integer IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'facts of version % are not known here', facts->>'facts'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    outcome := CASE WHEN facts->>'rejected' IS NOT NULL THEN 'quarantined' ELSE 'ignored' END;
    reason := CASE WHEN facts->>'rejected' IS NOT NULL THEN facts->>'rejected'
                   WHEN facts->>'kind' = 'empty' THEN 'it has neither text nor diff'
                   WHEN (facts->'hints'->>'ignore')::boolean THEN 'X-Patchwork-Hint says ignore' END;
    IF reason IS NULL THEN
        reason := 'no project has its list id';
        BEGIN
            projects := patchmail.find_projects(facts, source);
            FOR project IN SELECT * FROM public.patchwork_project p WHERE p.id = ANY (projects) ORDER BY p.id LOOP
                here := patchmail.store_message(project, facts);
                IF outcome = 'ignored' OR here.outcome = 'stored'
                   OR outcome = 'duplicate' AND here.outcome = 'waiting' THEN
                    outcome := here.outcome;
                    reason := here.reason;
                END IF;
            END LOOP;
        EXCEPTION
            WHEN invalid_regular_expression THEN
                RAISE;
            WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
                outcome := 'quarantined';
                reason := format('the database cannot hold it: %s (%s)', SQLERRM, SQLSTATE);
        END;
    END IF;
    IF outcome = 'quarantined' THEN
        quarantine_id := patchmail.quarantine_message(facts, raw, source, reason);
    END IF;
END
$$;
