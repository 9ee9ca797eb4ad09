-- _patchmail.assemble(message, answered): brings the series of a thread in line with the messages that are there.
-- Takes    the ledger row, just entered, of a new marked patch or cover letter; whether mail that is here refers to it.
-- Gives    the series that the message belongs to.
-- Rules    It asks for the leads and dependencies that there were before it changes anything: the leads depend on the
--          anchors.
-- Touches  patchmail.message (anchor_id); through _patchmail.place_newcomers.
CREATE OR REPLACE FUNCTION _patchmail.assemble(message patchmail.message, answered boolean)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[] := _patchmail.take_dependencies(message.thread);
    former     patchmail.message[] := '{}';  -- the leads of series that may get another one
BEGIN
    IF answered THEN
        former := _patchmail.series_leads(ARRAY(
            SELECT m.series_id FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = message.project_id AND r.msgid = message.msgid), message.thread);
        UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
          FROM patchmail.reference r
         WHERE r.project_id = message.project_id AND r.msgid = message.msgid AND m.id = r.message_id
           AND m.kind = 'patch' AND m.number IS NOT NULL AND NOT (m.adopted OR m.pinned);
    END IF;
    message.series_id := (_patchmail.place_newcomers(message.thread, ARRAY[message.id], true, former))[1];
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
    RETURN message.series_id;
END
$$;
