-- _patchmail.join_threads(message): finds the thread of a new message, and makes one thread of those that it connects.
-- Takes    the message's ledger row, with its id but not yet entered.
-- Gives    the thread (the message's own id if it is the first), and whether there was one.
-- Rules    Two messages of a project are of one thread if one refers to the other, if both refer to a third, or if
--          they may be parts of one series, whatever they refer to: same author, version and total, dates within 20
--          minutes.
-- Touches  patchmail.message (thread), patchmail.reference.
CREATE OR REPLACE FUNCTION _patchmail.join_threads(message patchmail.message, OUT thread bigint, OUT joined boolean)
LANGUAGE plpgsql AS $$
DECLARE
    threads bigint[];
    parts   bigint[];
BEGIN
    threads := ARRAY(
        SELECT m.thread FROM patchmail.message m
         WHERE m.project_id = message.project_id AND m.msgid = ANY (message.refs)
         UNION ALL
        SELECT m.thread
          FROM unnest(array_append(message.refs, message.msgid)) AS k(msgid), LATERAL (
               SELECT r.message_id FROM patchmail.reference r
                WHERE r.project_id = message.project_id AND r.msgid = k.msgid AND r.message_id > 0 LIMIT 1) r
          JOIN patchmail.message m ON m.id = r.message_id);
    IF message.number IS NOT NULL THEN
        parts := ARRAY(
            SELECT m.thread FROM patchmail.message m
             WHERE m.number IS NOT NULL AND m.submitter_id = message.submitter_id
               AND m.date BETWEEN message.date - interval '20 minutes' AND message.date + interval '20 minutes'
               AND m.project_id + 0 = message.project_id AND m.version = message.version AND m.total = message.total);
        threads := threads || parts;
    END IF;
    thread := coalesce(threads[1], message.id);
    joined := threads[1] IS NOT NULL;
    IF thread <> ANY (threads) THEN
        thread := (SELECT min(t) FROM unnest(threads) t);
        UPDATE patchmail.message m SET thread = join_threads.thread
         WHERE m.thread = ANY (threads) AND m.thread <> join_threads.thread;
    END IF;
    INSERT INTO patchmail.reference (project_id, msgid, message_id)
    SELECT message.project_id, r, message.id FROM unnest(message.refs) r
    ON CONFLICT DO NOTHING;
END
$$;
