-- patchmail.hook_discard(hook, positions, actor, dry_run): forgets events that are set aside for a hook: its receiver
-- is never told of them.
-- Takes    what patchmail.hook_retry() takes.
-- Gives    the rows of the audit, one for each event.
-- Errors   no_data_found if there is no such hook, or one of them is not set aside: then nothing is done.
-- Touches  patchmail.deferred_event, patchmail.audit.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION patchmail.hook_discard(hook text, positions bigint[] DEFAULT NULL, actor text DEFAULT NULL,
                                                  dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place CONSTANT patchmail.hook := _patchmail.find_hook(hook, actor);
    aside patchmail.deferred_event;
    done  patchmail.audit[] := '{}';
BEGIN
    BEGIN
        FOR aside IN SELECT f.* FROM _patchmail.find_deferred(place.name, positions) f LOOP
            DELETE FROM patchmail.deferred_event d WHERE d.hook = aside.hook AND d.position = aside.position;
            done := done || _patchmail.note_deferred('hook_discard', actor, aside, NULL);
        END LOOP;
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(done);
END
$$;
COMMENT ON FUNCTION patchmail.hook_discard IS
    'Forgets events that are set aside for a hook, by default all dead ones: its receiver is never told of them.';
