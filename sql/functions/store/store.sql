-- patchmail.store(facts, raw, source): stores one mail.  The one call that a deliverer makes.
-- Takes    the facts of the mail (patchmaild-facts(5)), its bytes, and where it came from:
--          {"transport", "list_id" (optional, overrides the headers), "position" (optional)}; for an IMAP mailbox also
--          what _patchmail.take_uid wants, and "removes" (optional) if the account removes from it what was taken: a
--          mail that is ignored or refused then stays there, since nothing here has its bytes.
--          For mail of an archive that is gone on with, "archive_name", "place" and "mark": patchmail.move_mark.
--          For a mail in quarantine that is tried again, "quarantine_id": _patchmail.take_mark.
--          "archive" (optional): what is kept of the bytes of mail that is stored: "all", or "none"; without it those
--          of mail that was in quarantine.
--          "history" (optional): the mail is of the past.  Its transport is "history" then, and nobody is told of what
--          it makes (_patchmail.begin_history).
--          And "patience" (optional): how many milliseconds it waits for a lock at most (SQLSTATE 55P03 after that).
-- Gives    one row: the outcome (stored, waiting, duplicate, quarantined, refused, ignored), the reason in words or
--          NULL, and the id in the quarantine if the mail is there.  Over several projects: the best of them in that
--          order; but a mail that the policy of one of them holds is in quarantine, whatever the others do, and so is a
--          mail with an attached patch that was not read.
--          A mail that is not stored leaves its trace: _patchmail.keep_outcome.
-- Touches  Patchwork's tables and the ledger.  One call is one transaction of the caller.
-- Locks    each of the mail's projects, in the order of their ids; if a list has several projects, all of them.
-- Errors   In a transaction that does not see what others have stored since it began (repeatable read, serializable) it
--          raises an error: it would derive series from the mail of that time.
--          A mail of which patchmail.facts_fault says that no table can hold it is quarantined.  Every other error is
--          the site's, and goes to the caller, who may give the mail again when what the message names is mended.  If
--          somebody else stored the same at that moment it is serialization_failure, and worth another try.
-- Speed    A deliverer has a new connection for each mail: PostgreSQL compiles every function, parses and plans every
--          statement anew, and looks up in the catalogues what they name.  That is most of the time.  So what runs for
--          every mail is few functions with few, simple statements.  These compare text with text, and verdicts with
--          enum_lt(), since for varchar and enums PostgreSQL goes through all operators of that name; and they sort,
--          group and search arrays only if they must, since each of these takes a dozen look-ups.  For a table that is
--          empty at most sites they look at its size first, which costs a third of a query.
--          Sequential scans are off, because an import keeps the plans that it made while the tables were empty; JIT is
--          off, because the price that the planner then puts on those that remain would set it off.
CREATE OR REPLACE FUNCTION patchmail.store(facts jsonb, raw bytea, source jsonb,
                                           OUT outcome text, OUT reason text, OUT quarantine_id bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    ranks    CONSTANT text := 'stored waiting duplicate quarantined refused ignored';
    projects integer[];
    shared   boolean;  -- one of its lists has several projects, or its thread was moved
    project  integer;
    here     record;
    held     text;  -- why the mail is to be kept in quarantine
    moved    boolean;  -- its thread was moved to another project
    error    text;
    said     text;
    key      text;
    context  text;
    again    boolean;  -- this is the second try
    released_by text;  -- the admin who released it from quarantine
    past     boolean;  -- it was of history when it went there
BEGIN
    IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
        RAISE EXCEPTION 'the transaction isolation is %, mail is stored under read committed alone',
            current_setting('transaction_isolation') USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF source ?| '{patience,quarantine_id,uid,mark,history}' THEN
        PERFORM set_config('lock_timeout', source->>'patience', true) WHERE source ? 'patience';
        source := source - 'patience';
        SELECT t.id, t.released_by, t.past INTO quarantine_id, released_by, past
          FROM _patchmail.take_mark(source, raw) t;
        IF past OR source ? 'history' THEN
            PERFORM _patchmail.begin_history();
            source := source || jsonb_build_object('transport', 'history');
        END IF;
        source := source - '{quarantine_id,history}'::text[];
        PERFORM patchmail.move_mark(source) WHERE source ? 'mark';
        IF source->>'uid' IS NOT NULL AND NOT _patchmail.take_uid(source) THEN
            outcome := 'ignored';
            reason := 'it has been taken from its mailbox before';
            PERFORM _patchmail.wait_for_standby();
            RETURN;
        END IF;
    END IF;
    IF facts->>'facts' = '1' AND facts->>'rejected' IS NULL AND facts->>'kind' IS DISTINCT FROM 'empty' THEN
        LOOP
            BEGIN
                projects := _patchmail.find_projects(facts, source);
                IF projects[1] = 0 OR moved THEN
                    shared := true;
                    PERFORM _patchmail.lock_lists(projects || _patchmail.follow_moves(projects, facts));
                    projects := _patchmail.follow_moves(_patchmail.find_projects(facts, source), facts);
                    projects := array_remove(projects, 0);
                END IF;
                FOREACH project IN ARRAY projects LOOP
                    here := _patchmail.store_message(project, facts, released_by, source->>'transport');
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
                    PERFORM _patchmail.note_moved(projects, facts);
                    PERFORM _patchmail.gather_answers(p, left(facts->>'message_id', 255)) FROM unnest(projects) p;
                END IF;
                IF outcome IS NULL THEN
                    outcome := 'ignored';
                    reason := _patchmail.no_project(facts, source);
                END IF;
                EXIT;
            EXCEPTION
                WHEN OTHERS THEN
                    GET STACKED DIAGNOSTICS error = RETURNED_SQLSTATE, said = MESSAGE_TEXT, key = CONSTRAINT_NAME,
                                            context = PG_EXCEPTION_CONTEXT;
                    IF error = 'PM002' AND moved IS NULL THEN
                        moved := true;
                        outcome := NULL;
                        held := NULL;
                        CONTINUE;
                    END IF;
                    held := _patchmail.fault_of_error(facts, source, again, error, said, key, context);
                    again := true;
                    outcome := CASE WHEN held IS NOT NULL THEN 'quarantined' END;
                    EXIT WHEN held IS NOT NULL;
            END;
        END LOOP;
    ELSIF facts->>'facts' IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'facts of version % are not known here', facts->>'facts'
            USING ERRCODE = 'feature_not_supported';
    ELSIF facts->>'rejected' IS NOT NULL THEN
        outcome := 'quarantined';
        held := facts->>'rejected';
    ELSIF facts->>'patch_like' IS NOT NULL AND 0 < ANY (_patchmail.find_projects(facts, source)) THEN
        outcome := 'quarantined';
        held := _patchmail.patch_missed(facts);
    ELSE
        outcome := 'ignored';
        reason := 'it has neither text nor diff';
    END IF;
    IF outcome IN ('stored', 'waiting') AND held IS NULL AND quarantine_id IS NULL AND facts->>'patch_like' IS NULL
       AND source->>'archive' IS NULL THEN
        RETURN;
    ELSIF outcome = 'duplicate' THEN
        PERFORM _patchmail.wait_for_standby();
    ELSIF facts->>'patch_like' = 'unread attachment' AND outcome IN ('stored', 'waiting') THEN
        held := concat_ws('; ', held, _patchmail.patch_missed(facts));
    END IF;
    IF outcome IN ('stored', 'waiting', 'duplicate')
       AND (source->>'archive' = 'all' OR held IS NULL AND quarantine_id IS NOT NULL AND NOT source ? 'archive') THEN
        PERFORM _patchmail.keep_raw(facts, raw, source, outcome);
    END IF;
    IF held IS NOT NULL OR quarantine_id IS NOT NULL OR outcome IN ('ignored', 'refused') THEN
        SELECT k.reason, k.quarantine_id INTO reason, quarantine_id
          FROM _patchmail.keep_outcome(facts, raw, source, outcome, held, reason, quarantine_id) k;
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.store(jsonb, bytea, jsonb) IS
    'For patchmaild: stores one mail by its facts, and says what became of it.';
