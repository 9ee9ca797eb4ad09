-- _patchmail.restate_message(stored, message): enters into the ledger what was read anew of a mail, but for its kind
-- and its Message-ID, and gives it and others the places that follow from that.
-- Takes    its ledger row as it was, and as it is to be.
-- Rules    As if it had come so: threads, series, parents and repeats are derived from what it says now.  What an admin
--          moved stays.
-- Touches  patchmail.message, _reference; through _patchmail.restate_submission and restate_comment Patchwork's tables.
CREATE OR REPLACE FUNCTION _patchmail.restate_message(stored patchmail.message, message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    joined record;
BEGIN
    IF message.refs <> stored.refs
       OR message.number IS NOT NULL AND (message.submitter_id, message.date, message.version, message.minor,
                                          message.total)
                                         IS DISTINCT FROM
                                         (stored.submitter_id, stored.date, stored.version, stored.minor,
                                          stored.total) THEN
        DELETE FROM patchmail.reference r
         WHERE r.project_id = stored.project_id AND r.message_id = stored.id
           AND r.msgid = ANY (stored.refs) AND r.msgid <> ALL (message.refs);
        joined := _patchmail.join_threads(message);
        IF joined.joined AND joined.thread <> stored.thread THEN
            message.thread := least(joined.thread, stored.thread);
            UPDATE patchmail.message m SET thread = message.thread
             WHERE m.thread IN (joined.thread, stored.thread) AND m.thread <> message.thread;
        END IF;
    END IF;
    IF message.kind = 'comment' THEN
        PERFORM _patchmail.restate_comment(stored, message);
    ELSE
        PERFORM _patchmail.restate_submission(stored, message);
    END IF;
    IF (message.author_name, message.submitter_id, message.date, message.names)
       IS DISTINCT FROM (stored.author_name, stored.submitter_id, stored.date, stored.names) THEN
        PERFORM _patchmail.withdraw_name(stored);
    END IF;
    IF (message.kind = 'cover' OR message.kind = 'comment' AND message.total IS NOT NULL)
       AND (message.refs, message.name, message.submitter_id)
           IS DISTINCT FROM (stored.refs, stored.name, stored.submitter_id) THEN
        PERFORM _patchmail.settle_repeats(r.project_id, r.msgid)
           FROM (SELECT message.project_id, message.msgid
                 UNION
                 SELECT message.project_id, k.msgid FROM unnest(message.refs || stored.refs) k (msgid)) r;
    END IF;
END
$$;
