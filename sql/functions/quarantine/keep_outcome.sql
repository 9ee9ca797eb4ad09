-- _patchmail.keep_outcome(facts, raw, source, outcome, held, reason, quarantine_id): what is kept of a mail that is not
-- just stored.
-- Takes    what patchmail.store was given, and what it answers; why the mail is to be kept in quarantine, or NULL; and
--          its id there if it is tried again, or NULL.
-- Gives    the reason as it is reported, and the id of the mail in quarantine, NULL if it is not there.
-- Rules    Mail that is ignored is counted; it is not removed from its mailbox, whatever the account says.
-- Touches  through _patchmail.settle_retry, quarantine_message, settle_uid and note_ignored.
CREATE OR REPLACE FUNCTION _patchmail.keep_outcome(facts jsonb, raw bytea, source jsonb, outcome text, held text,
                                                  INOUT reason text, INOUT quarantine_id bigint)
LANGUAGE plpgsql AS $$
BEGIN
    IF outcome = 'quarantined' THEN
        reason := held;
    END IF;
    IF quarantine_id IS NOT NULL THEN
        quarantine_id := _patchmail.settle_retry(quarantine_id, outcome, reason, held);
    ELSIF held IS NOT NULL THEN
        quarantine_id := _patchmail.quarantine_message(facts, raw, source, held);
    ELSE
        IF (source->>'removes')::boolean THEN
            PERFORM patchmail.settle_uid(source);
        END IF;
        IF outcome = 'ignored' THEN
            reason := _patchmail.note_ignored(facts, source, reason);
        END IF;
    END IF;
END
$$;
