-- patchmail.hook_move(hook, place, actor, dry_run): has a hook go on elsewhere: back, so that its receiver is told
-- again, or forward, so that it is not told.
-- Takes    the hook's name; "now", "beginning" or the position after which it goes on; the user of Patchwork in whose
--          name it is done, or NULL; true to see what would be done.
-- Gives    the row of the audit; none if it is there already.
-- Rules    What is set aside stays so; but not what comes after the position, since it comes anew.  A receiver that is
--          waited for is tried at once.  The process that serves the hook has to open it anew, which it does by itself:
--          an event that it delivers at this moment may come again.
-- Errors   no_data_found, invalid_parameter_value.
-- Touches  patchmail.hook, patchmail.deferred_event, patchmail.audit.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION patchmail.hook_move(hook text, place text, actor text DEFAULT NULL,
                                               dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    former CONSTANT patchmail.hook := _patchmail.find_hook(hook, actor);
    start  CONSTANT bigint := _patchmail.hook_start(place);
    anew   bigint;
    change patchmail.audit;
BEGIN
    IF start = former.position THEN
        RETURN;
    END IF;
    BEGIN
        DELETE FROM patchmail.deferred_event d WHERE d.hook = former.name AND d.position > start;
        GET DIAGNOSTICS anew = ROW_COUNT;
        UPDATE patchmail.hook h
           SET position = start, since = now(), given = '{}', head = NULL, attempts = 0, reason = NULL,
               next_try = NULL, probe = NULL, holder = NULL, held_until = NULL
         WHERE h.name = former.name;
        PERFORM pg_notify('patchmail', '');
        change := _patchmail.note_change(
            'hook_move', actor, NULL, 'hook', NULL,
            jsonb_strip_nulls(jsonb_build_object('hook', former.name, 'position', former.position,
                                                 'set_aside', nullif(anew, 0))),
            jsonb_build_object('hook', former.name, 'position', start));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN NEXT change;
END
$$;
COMMENT ON FUNCTION patchmail.hook_move IS
    'Has a hook go on after a position, at the beginning or now: its receiver is told again, or not told.';
