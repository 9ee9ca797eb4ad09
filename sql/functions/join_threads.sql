-- patchmail.join_threads(message, threads): finds the thread of a new message, and makes one of those that it connects.
-- Takes    the message's ledger row, with its id but not yet entered; the threads of what it refers to, or NULL.
-- Gives    the thread (the id of the message where it is the first); whether there was one; and whether a message that
--          is here refers to this one, be it by a Depends-on line.
-- Rules    Two messages of a project are of one thread if one refers to the other, if both refer to a third, or if
--          they may be parts of a series that was sent without references: same author, version and total, dates
--          within 20 minutes, and at least one of them refers to nothing.
-- Touches  patchmail.message (thread).
CREATE OR REPLACE FUNCTION patchmail.join_threads(message patchmail.message, threads bigint[],
                                                  OUT thread bigint, OUT joined boolean, OUT answered boolean)
LANGUAGE plpgsql AS $$
DECLARE
    others bigint[];
    parts  bigint[];
BEGIN
    answered := EXISTS (SELECT FROM patchmail.reference r
                         WHERE r.project_id = message.project_id AND r.msgid = message.msgid);
    IF answered OR message.refs <> '{}' THEN
        SELECT array_agg(m.thread) INTO others
          FROM unnest(message.refs || message.msgid::text) AS k(msgid), LATERAL (
               SELECT r.message_id FROM patchmail.reference r
                WHERE r.project_id = message.project_id AND r.msgid = k.msgid AND r.message_id > 0 LIMIT 1) r
          JOIN patchmail.message m ON m.id = r.message_id;
    END IF;
    IF message.number IS NOT NULL THEN
        parts := ARRAY(
            SELECT m.thread FROM patchmail.message m
             WHERE m.number IS NOT NULL AND m.submitter_id = message.submitter_id
               AND m.date BETWEEN message.date - interval '20 minutes' AND message.date + interval '20 minutes'
               AND m.project_id = message.project_id AND m.version = message.version AND m.total = message.total
               AND (m.refs = '{}' OR message.refs = '{}'));
    END IF;
    threads := threads || others || parts;
    thread := coalesce(threads[1], message.id);
    joined := threads[1] IS NOT NULL;
    IF thread <> ANY (threads) THEN
        thread := (SELECT min(t) FROM unnest(threads) t);
        UPDATE patchmail.message m SET thread = join_threads.thread
         WHERE m.thread = ANY (threads) AND m.thread <> join_threads.thread;
    END IF;
END
$$;
