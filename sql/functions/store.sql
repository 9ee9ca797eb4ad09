-- patchmail.store(facts, raw, source): stores one mail.  The one call that a deliverer makes.
-- Takes    the facts of the mail (patchmaild-facts(5)), its bytes, and where it came from:
--          {"transport", "list_id" (optional, overrides the headers), "position" (optional)}; of an IMAP mailbox also
--          what patchmail.take_uid wants, and "removes" (optional) where what is done with the mail then would remove it:
--          that is not done with one that is ignored or refused, since nothing here has its bytes.
--          And "patience" (optional), in milliseconds: no longer is any lock waited for (SQLSTATE 55P03).
-- Gives    one row: the outcome (stored, waiting, duplicate, quarantined, refused, ignored), the reason in words or
--          NULL, and the id in the quarantine where the mail is there.  Over several projects: the best of them in that
--          order; but what the policy of one of them holds is in quarantine, whatever the others do, and so is what has
--          an attached patch that was not read.
-- Touches  Patchwork's tables and the ledger.  One call is one transaction of the caller.
-- Locks    each of the mail's projects, in the order of their ids; where a list has several, all of them.
-- Errors   A transaction that does not see what others have stored since it began (repeatable read, serializable) is
--          refused: it would derive series from the mail of then.
--          A mail that the tables cannot hold (SQLSTATE classes 22, 23, 54) is quarantined.  Every other error is the
--          caller's: the mail may be given again.  An admin's pattern that is no regular expression is such.
-- Speed    A deliverer has a new connection for each mail: every function is compiled, every statement parsed and
--          planned anew, and what they name is looked up in the catalogues.  That is most of the time.  So what runs
--          for every mail is kept to few functions and few, simple statements.  In them text is compared with text,
--          and verdicts by enum_lt(), since for varchar and enums PostgreSQL goes through all operators of that name;
--          and they neither sort nor group nor look for one of an array without need, since each takes a dozen
--          look-ups.  A table that is empty at most sites is first asked for its size, which is a third of the price
--          of looking into it.
--          Without sequential scans, because an import keeps the plans that it made while the tables were
--          empty; without compilation, which their price would bring about.
CREATE OR REPLACE FUNCTION patchmail.store(facts jsonb, raw bytea, source jsonb,
                                           OUT outcome text, OUT reason text, OUT quarantine_id bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    ranks    CONSTANT text := 'stored waiting duplicate quarantined refused ignored';
    projects integer[];
    shared   boolean := false;  -- one of its lists has several projects
    project  integer;
    here     record;
    held     text;  -- why it is to be kept in quarantine
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed'
       AND current_setting('transaction_isolation') <> 'read uncommitted' THEN
        RAISE EXCEPTION 'the transaction isolation is %, mail is stored under read committed alone',
            current_setting('transaction_isolation') USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF source->>'patience' IS NOT NULL THEN
        PERFORM set_config('lock_timeout', source->>'patience', true);
        source := source - 'patience';
    END IF;
    IF source->>'uid' IS NOT NULL AND NOT patchmail.take_uid(source) THEN
        outcome := 'ignored';
        reason := 'it has been taken from its mailbox before';
        PERFORM patchmail.wait_for_standby();
        RETURN;
    END IF;
    IF facts->>'facts' = '1' AND facts->>'rejected' IS NULL AND facts->>'kind' IS DISTINCT FROM 'empty' THEN
        BEGIN
            projects := patchmail.find_projects(facts, source);
            IF projects[1] = 0 THEN
                PERFORM patchmail.lock_lists(projects);
                projects := (patchmail.find_projects(facts, source))[2:];
                shared := true;
            END IF;
            FOREACH project IN ARRAY projects LOOP
                here := patchmail.store_message(project, facts);
                IF outcome IS NOT NULL OR here.outcome = 'quarantined' THEN
                    IF here.outcome = 'quarantined' THEN
                        held := concat_ws('; ', held, here.reason);
                    END IF;
                    CONTINUE WHEN strpos(ranks, here.outcome) >= strpos(ranks, outcome);
                END IF;
                outcome := here.outcome;
                reason := here.reason;
            END LOOP;
            IF shared THEN
                PERFORM patchmail.gather_answers(p, left(facts->>'message_id', 255)) FROM unnest(projects) p;
            END IF;
            IF outcome IS NULL THEN
                outcome := 'ignored';
                reason := 'no project has its list id';
            ELSIF facts->>'patch_like' = 'unread attachment' AND (outcome = 'stored' OR outcome = 'waiting') THEN
                held := concat_ws('; ', held, patchmail.patch_missed(facts));
            END IF;
        EXCEPTION
            WHEN invalid_regular_expression THEN
                RAISE;
            WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
                outcome := 'quarantined';
                held := format('the database cannot hold it: %s (%s)', SQLERRM, SQLSTATE);
        END;
    ELSIF facts->>'facts' IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'facts of version % are not known here', facts->>'facts'
            USING ERRCODE = 'feature_not_supported';
    ELSIF facts->>'rejected' IS NOT NULL THEN
        outcome := 'quarantined';
        held := facts->>'rejected';
    ELSIF facts->>'patch_like' IS NOT NULL AND 0 < ANY (patchmail.find_projects(facts, source)) THEN
        outcome := 'quarantined';
        held := patchmail.patch_missed(facts);
    ELSE
        outcome := 'ignored';
        reason := 'it has neither text nor diff';
    END IF;
    IF outcome = 'duplicate' THEN
        PERFORM patchmail.wait_for_standby();
    END IF;
    IF pg_relation_size('patchmail.overdue') > 0 THEN
        DELETE FROM patchmail.overdue o WHERE o.sha256 = facts->>'sha256';
    END IF;
    IF held IS NOT NULL THEN
        reason := CASE outcome WHEN 'quarantined' THEN held ELSE reason END;
        quarantine_id := patchmail.quarantine_message(facts, raw, source, held);
    ELSIF outcome IN ('ignored', 'refused') AND (source->>'removes')::boolean THEN
        PERFORM patchmail.settle_uid(source);  -- whose haste is fitting: nothing was stored that could be lost
    END IF;
END
$$;
