-- _patchmail.store_anew(stored, facts): takes a mail out of the tables and stores it again, since it is of another kind
-- than it was taken for, or has another Message-ID.
-- Takes    its ledger row, and its facts.
-- Gives    NULL, or why it stays as it is.
-- Rules    What people have done to it would be lost: then it stays (_patchmail.worked_on); so it does if it would not
--          be stored today.  Whoever released it from quarantine has still done so, and it arrived when it did.
-- Touches  through _patchmail.withdraw_message and store_message; patchmail.message (arrived), patchmail.raw (msgid).
CREATE OR REPLACE FUNCTION _patchmail.store_anew(stored patchmail.message, facts jsonb)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    done   record;
    thread bigint;
    kept   text := _patchmail.worked_on(stored);
BEGIN
    IF kept IS NOT NULL THEN
        RETURN kept;
    END IF;
    PERFORM _patchmail.withdraw_message(stored);
    SELECT s.* INTO done FROM _patchmail.store_message(
        stored.project_id, facts, substring(stored.verdict_reason FROM 'released by (.*)$'),
        stored.transport) s;
    IF done.outcome NOT IN ('stored', 'waiting') THEN
        RAISE EXCEPTION USING MESSAGE = concat_ws(': ', 'today it would be ' || done.outcome, done.reason),
                              ERRCODE = 'PM002';
    END IF;
    UPDATE patchmail.message m SET arrived = stored.arrived
     WHERE m.project_id = stored.project_id AND m.msgid = left(facts->>'message_id', 255)
    RETURNING m.thread INTO thread;
    PERFORM _patchmail.place_thread(t) FROM unnest(ARRAY[thread, stored.thread]) t;
    UPDATE patchmail.raw r SET msgid = left(facts->>'message_id', 255)
     WHERE r.msgid = stored.msgid AND r.arrived = stored.arrived AND r.msgid <> left(facts->>'message_id', 255);
    RETURN NULL;
EXCEPTION WHEN SQLSTATE 'PM002' THEN
    RETURN SQLERRM;
END
$$;
