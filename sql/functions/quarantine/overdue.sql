-- patchmail.overdue(facts, raw, source, seconds): a mail could not be stored within its time.
-- Takes    what patchmail.store was given, and how many seconds that took before it was cancelled.
-- Gives    the outcome: deferred, or quarantined, the reason in words, and then the id in the quarantine.
-- Rules    What makes every mail slow is not this mail's fault: a call counts if it took 10 seconds or more, and if
--          other mail of its kind has been stored in its lists' projects since the last call that counted: what is slow
--          may be a trigger on one table.  With the third it is quarantined.  That somebody held a lock does not count:
--          patchmail.store waits for none so long.  Nor does it that each commit waits for a standby that is away.
--          Mail of these projects that was stored after all no longer counts.
--          Which of a list's projects the mail is for is not asked: that question itself may take so long.
-- Touches  patchmail.overdue; patchmail.quarantine, and what _patchmail.take_uid and
--          patchmail.move_mark do.
CREATE OR REPLACE FUNCTION patchmail.overdue(facts jsonb, raw bytea, source jsonb, seconds integer,
                                             OUT outcome text, OUT reason text, OUT quarantine_id bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    least_seconds CONSTANT integer := 10;
    most_attempts CONSTANT integer := 3;
    stored   CONSTANT bigint := (SELECT s.last_value FROM patchmail.message_id_seq s);  -- the newest mail
    ids      integer[];
    names    text;
    seen     patchmail.overdue;
BEGIN
    outcome := 'deferred';
    SELECT array_agg(p.id), string_agg(p.linkname, ', ' ORDER BY p.id) INTO ids, names
      FROM public.patchwork_project p
     WHERE p.listid::text IN (SELECT coalesce(source->>'list_id', l.value->>'id')
                                FROM jsonb_array_elements(coalesce(facts->'list_ids', '[]') || '[{}]') l);
    IF seconds < least_seconds OR facts->>'sha256' IS NULL OR _patchmail.standby_is_missing() THEN
        reason := format('the database did not answer in time: %s seconds%s', seconds,
                         CASE WHEN _patchmail.standby_is_missing()
                              THEN '; commits wait for a standby (synchronous_standby_names), and it is away' END);
        RETURN;
    END IF;
    DELETE FROM patchmail.overdue o USING patchmail.message m
     WHERE m.project_id = ANY (ids) AND m.msgid = o.msgid AND m.arrived > o.last_try;
    INSERT INTO patchmail.overdue AS o (sha256, msgid, projects, seconds, newest)
    VALUES (facts->>'sha256', facts->>'message_id', names, overdue.seconds, stored)
    ON CONFLICT ON CONSTRAINT overdue_pkey DO UPDATE
       SET last_try = now(), seconds = least(o.seconds, excluded.seconds), attempts = o.attempts + 1,
           newest = excluded.newest
     WHERE EXISTS (SELECT FROM patchmail.message m
                    WHERE m.id > o.newest AND m.project_id = ANY (ids) AND m.kind = coalesce(facts->>'kind', m.kind))
    RETURNING o.* INTO seen;
    reason := format('storing it takes longer than %s seconds (%s)', coalesce(seen.seconds, overdue.seconds),
                     'project ' || coalesce(names, 'unknown'));
    IF seen.attempts >= most_attempts THEN
        IF source->>'uid' IS NOT NULL AND NOT _patchmail.take_uid(source) THEN
            outcome := 'ignored';
            reason := 'it has been taken from its mailbox before';
            RETURN;
        END IF;
        PERFORM patchmail.move_mark(source) WHERE source ? 'mark';
        outcome := 'quarantined';
        quarantine_id := _patchmail.quarantine_message(facts, raw, source - 'patience', reason);
        DELETE FROM patchmail.overdue o WHERE o.sha256 = seen.sha256;
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.overdue(jsonb, bytea, jsonb, integer) IS
    'For patchmaild: notes that a mail could not be stored in its time; in the end it goes to quarantine.';
