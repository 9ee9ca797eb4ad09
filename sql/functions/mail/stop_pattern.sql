-- _patchmail.stop_pattern(kind, object_id, pattern, began, msgid): the handler of query_canceled around a pattern of an
-- admin: notes that it ran away, so that it is passed over from now on, and the mail goes on without it.
-- Takes    what _patchmail.passed_over takes; when the pattern began; the Message-ID, if it is known.
-- Rules    What stops a pattern is the time limit of the statement, which the program sets (store.c), or the end of its
--          patience.  Either may come by chance while a pattern is at work that is none of the slow ones: one that took
--          less than a second is not to blame, and the statement ends.
--          In a transaction that may only read, nothing is noted.
-- Touches  patchmail.runaway.
-- Errors   query_canceled, if the pattern is not to blame.
CREATE OR REPLACE FUNCTION _patchmail.stop_pattern(kind text, object_id integer, pattern text, began timestamptz,
                                                   msgid text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    took interval := clock_timestamp() - began;
BEGIN
    IF took < interval '1 second' THEN
        RAISE query_canceled USING MESSAGE = 'the statement was stopped, or its time is over';
    END IF;
    RAISE WARNING
        'the pattern of % % (%) ran away on a mail and is passed over from now on: patchmail.runaway_patterns',
        kind, object_id, to_json(pattern);
    IF current_setting('transaction_read_only') = 'on' THEN
        RETURN;
    END IF;
    INSERT INTO patchmail.runaway (kind, object_id, pattern, took, msgid)
    VALUES (kind, object_id, pattern, took, msgid)
    ON CONFLICT DO NOTHING;
END
$$;
