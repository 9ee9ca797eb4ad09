-- patchmail.store_many(facts, sources, raws): stores many mails in one transaction.
-- Takes    a JSON array of the facts of each mail, and one of their sources, as patchmail.store takes them; and their
--          bytes if those of all mail are kept, else NULL: it leaves mail that goes to quarantine to patchmail.store.
--          "patience" counts in the first source only.  "history" has to be in all sources or in none, or nothing is
--          stored and no mail has an outcome.
-- Gives    a row for each mail: its number, from 1; the outcome (stored, waiting, duplicate, ignored) and the reason in
--          words or NULL, as patchmail.store would give them.  If the outcome is NULL, nothing of that mail is in the
--          database, and the caller is to give it to patchmail.store by itself: that is so for every mail that goes to
--          quarantine, is refused or fails.  No archive's mark passes such a mail.
-- Rules    The tables are as if the mails had come one by one.  Most are stored together (_patchmail.store_plain), the
--          rest one after the other by patchmail.store; each of these stands or falls by itself.
-- Touches  what patchmail.store touches.  One call is one transaction of the caller.
-- Locks    the archives and the cursors of the IMAP mailboxes that the mails come from, then each project of the mails,
--          in the order of their ids.
-- Errors   As patchmail.store for the isolation.  If another transaction or the server stops it, the call fails: then
--          nothing is stored, and the caller is to give each mail to patchmail.store.
-- Speed    While mails are stored together, constraints are checked statement by statement: at the end of the
--          transaction PostgreSQL would plan the checks with sequential scans if the tables are empty, and keep such a
--          plan.  Events get their places in the order of the commits (_patchmail.order_event) at the end all the same,
--          since that excludes all others.  Plans are generic: one that is made for its arguments would have all facts
--          of the batch in it.
CREATE OR REPLACE FUNCTION patchmail.store_many(facts jsonb, sources jsonb, raws bytea[] DEFAULT NULL)
RETURNS TABLE (number integer, outcome text, reason text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    stored   integer[] := '{}';
    waiting  integer[] := '{}';
    ignored  integer[] := '{}';
    reasons  text[] := '{}';
    boxed    CONSTANT boolean := sources @? '$[*].uid';  -- some come from a mailbox
    placed   CONSTANT boolean := sources @? '$[*].place';  -- some come from an archive that is gone on with
    missing  integer[] := '{}';  -- those without an outcome
    mail     record;
    here     record;
BEGIN
    IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
        RAISE EXCEPTION 'the transaction isolation is %, mail is stored under read committed alone',
            current_setting('transaction_isolation') USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM set_config('lock_timeout', sources->0->>'patience', true) WHERE sources->0 ? 'patience';
    IF sources @? '$[*].history' THEN
        IF sources @? '$[*] ? (!exists(@.history))' THEN
            RETURN QUERY SELECT n, NULL::text, NULL::text FROM generate_series(1, jsonb_array_length(facts)) n;
            RETURN;
        END IF;
        PERFORM _patchmail.begin_history();
        sources := (SELECT jsonb_agg(s.source - 'history' || jsonb_build_object('transport', 'history') ORDER BY s.n)
                      FROM jsonb_array_elements(sources) WITH ORDINALITY s (source, n));
    END IF;
    IF placed THEN
        PERFORM _patchmail.hold_archives(sources);
    END IF;
    BEGIN
        SET CONSTRAINTS ALL IMMEDIATE;
        SET CONSTRAINTS public.patchmail_event DEFERRED;
        IF boxed THEN
            PERFORM _patchmail.lock_cursors(sources);
        END IF;
        SELECT s.stored, s.waiting, s.ignored, s.reasons INTO stored, waiting, ignored, reasons
          FROM _patchmail.store_plain(facts, sources) s;
        IF boxed THEN
            PERFORM _patchmail.take_uids(sources, stored || waiting || ignored, ignored);
        END IF;
    EXCEPTION WHEN OTHERS THEN
        IF SQLSTATE ~ '^(40|55|57)' THEN
            RAISE;
        END IF;
    END;
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM _patchmail.analyze_grown();
    IF raws IS NOT NULL THEN
        PERFORM _patchmail.keep_raw(facts->(r.n::integer - 1), r.raw, sources->(r.n::integer - 1), 'stored')
           FROM unnest(raws) WITH ORDINALITY r(raw, n)
          WHERE r.n = ANY (stored || waiting) AND sources->(r.n::integer - 1)->>'archive' = 'all';
    END IF;
    RETURN QUERY SELECT t.n, 'stored'::text, NULL::text FROM unnest(stored) t(n);
    RETURN QUERY SELECT t.n, 'waiting'::text, _patchmail.usual_reason('waiting') FROM unnest(waiting) t(n);
    RETURN QUERY SELECT t.n, 'ignored'::text, _patchmail.note_ignored(facts->(t.n - 1), sources->(t.n - 1), t.reason)
                   FROM unnest(ignored, reasons) t(n, reason);
    FOR mail IN
        SELECT m.facts, m.source - '{patience,mark}'::text[] AS source, m.raw, m.n::integer AS n
          FROM ROWS FROM (jsonb_array_elements(facts), jsonb_array_elements(sources), unnest(raws))
               WITH ORDINALITY AS m(facts, source, raw, n)
         WHERE m.n <> ALL (stored || waiting || ignored) ORDER BY m.n
    LOOP
        number := mail.n;
        BEGIN
            SELECT s.outcome, s.reason, s.quarantine_id INTO here
              FROM patchmail.store(mail.facts, mail.raw, mail.source) s;
            IF here.quarantine_id IS NOT NULL OR here.outcome IN ('quarantined', 'refused') THEN
                RAISE EXCEPTION 'its bytes are needed';
            END IF;
            outcome := here.outcome;
            reason := here.reason;
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE ~ '^(40|55|57)' THEN
                RAISE;
            END IF;
            outcome := NULL;
            reason := NULL;
            missing := missing || number;
        END;
        RETURN NEXT;
    END LOOP;
    IF placed THEN
        PERFORM _patchmail.move_marks(sources, missing);
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.store_many(jsonb, jsonb, bytea[]) IS
    'For patchmaild: stores many mails by their facts; a mail without an outcome is to be given to store().';
