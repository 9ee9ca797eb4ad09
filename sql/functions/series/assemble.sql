-- patchmail.assemble(message, answered): brings the series of a thread in line with the messages that are there.
-- Takes    the ledger row, just entered, of a new marked patch or cover letter; whether mail that is here refers to it.
-- Gives    the series that the message belongs to.
-- Rules    The series of the whole thread are derived (patchmail.derive_series) and the difference is applied.  A
--          series keeps its row; where somebody deleted it, a new mail begins another one, and the mail of people who
--          were deleted counts for nothing.
--          Which leads and dependencies there were is asked before anything changes: who leads depends on the anchors.
-- Touches  public.patchwork_series, _event; patchmail.message.  The row of the new patch itself is not there yet; where
--          others have to move, patchmail.move_series does it.
CREATE OR REPLACE FUNCTION patchmail.assemble(message patchmail.message, answered boolean)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[] := patchmail.take_dependencies(message.thread);
    former     patchmail.message[] := '{}';  -- the leads that series had which may get another one
    derived    record;
    moved      record;
    mine       integer;
BEGIN
    IF answered THEN
        former := patchmail.series_leads(ARRAY(
            SELECT m.series_id FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = message.project_id AND r.msgid = message.msgid), message.thread);
        UPDATE patchmail.message m SET anchor_id = patchmail.find_anchor(m)
          FROM patchmail.reference r
         WHERE r.project_id = message.project_id AND r.msgid = message.msgid AND m.id = r.message_id
           AND m.kind = 'patch' AND m.number IS NOT NULL AND NOT m.adopted;
    END IF;
    UPDATE patchmail.message m SET series_id = NULL
     WHERE m.thread = message.thread AND m.series_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = m.series_id);
    PERFORM patchmail.forget_people(message.thread);
    derived := patchmail.derive_series(message.thread);
    mine := derived.series[array_position(derived.ids, message.id)];
    moved := patchmail.move_series(message.thread, message.id, derived.ids, derived.series, derived.placed, former);
    message.series_id := moved.rows[mine];
    IF message.series_id IS NULL THEN
        message.series_id := patchmail.create_series(message);
    END IF;
    UPDATE patchmail.message m SET series_id = message.series_id WHERE m.id = message.id;
    PERFORM patchmail.renew_leads(moved.former, message.thread);
    PERFORM patchmail.settle_series(t, message.thread) FROM unnest(moved.touched) t;
    IF dependents IS NOT NULL THEN
        PERFORM patchmail.write_dependencies(dependents);
    END IF;
    RETURN message.series_id;
END
$$;
