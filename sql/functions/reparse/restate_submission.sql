-- _patchmail.restate_submission(stored, message): _patchmail.restate_message for a patch or a cover letter.
-- Rules    A series keeps its row as long as it has members.  A patch that an admin has put into another series, or
--          into none, stays there, and keeps its number there.
-- Touches  patchmail.message; public.patchwork_patch (series_id, number), _series, _event, _series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.restate_submission(stored patchmail.message, message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[] := _patchmail.take_dependencies(message.thread) || _patchmail.take_dependencies_of(stored);
    former     patchmail.message[] := _patchmail.thread_leads(message.thread)
                                      || CASE WHEN stored.number IS NULL THEN ARRAY[stored] ELSE '{}' END;
    -- Another number, or a marker where there was none, or none where there was one.
    moves      boolean := message.kind = 'patch' AND message.number IS DISTINCT FROM stored.number
                          AND NOT EXISTS (SELECT FROM public.patchwork_patch p
                                           WHERE p.id = stored.patch_id AND stored.number IS DISTINCT FROM 0
                                             AND p.series_id IS DISTINCT FROM stored.series_id);
BEGIN
    PERFORM _patchmail.enter_message(message);
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
     WHERE m.kind = 'patch' AND NOT (m.adopted OR m.pinned)
       AND (m.id = message.id
            OR m.id IN (SELECT r.message_id FROM patchmail.reference r
                         WHERE r.project_id = message.project_id AND r.msgid = message.msgid));
    IF moves THEN
        -- Without a number it is in nobody's way.
        UPDATE public.patchwork_patch p SET number = NULL WHERE p.id = message.patch_id;
        IF message.number IS NULL THEN
            PERFORM _patchmail.part_series(stored);
        END IF;
    END IF;
    PERFORM _patchmail.rederive(message.thread, former, NULL);
    IF moves THEN
        PERFORM _patchmail.number_patch(message);
    END IF;
    IF message.number IS NULL THEN
        PERFORM _patchmail.change_series(m.series_id, stored, message)
           FROM patchmail.message m WHERE m.id = message.id AND m.series_id = stored.series_id;
    END IF;
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
    PERFORM _patchmail.revise_series(_patchmail.message_series(message));
END
$$;
