-- patchmail.hook_retry(hook, positions, actor, dry_run): has events that are set aside for a hook tried again now.
-- Takes    the hook's name; the positions of events that are set aside (patchmail.deferred_event), dead or not, NULL
--          for all dead ones; the user of Patchwork in whose name it is done, or NULL; true to see what would be done.
-- Gives    the rows of the audit, one for each event.
-- Rules    They are tried for as long as give_up says from now on.  A receiver that is waited for is tried now, too,
--          even if nothing is set aside.
-- Errors   no_data_found if there is no such hook, or one of them is not set aside: then nothing is done.
-- Touches  patchmail.hook (next_try, next_retry), patchmail.deferred_event, patchmail.audit.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION patchmail.hook_retry(hook text, positions bigint[] DEFAULT NULL, actor text DEFAULT NULL,
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
            UPDATE patchmail.deferred_event d SET dead = false, first_try = now(), next_try = now()
             WHERE d.hook = aside.hook AND d.position = aside.position;
            done := done || _patchmail.note_deferred('hook_retry', actor, aside, '{"dead": false}');
        END LOOP;
        UPDATE patchmail.hook h
           SET next_try = CASE WHEN h.next_try IS NOT NULL THEN now() END, next_retry = NULL, retries_failed = 0
         WHERE h.name = place.name;
        PERFORM pg_notify('patchmail', '');
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(done);
END
$$;
COMMENT ON FUNCTION patchmail.hook_retry IS
    'Has events that are set aside for a hook, by default all dead ones, tried again now; and a receiver that is away.';
