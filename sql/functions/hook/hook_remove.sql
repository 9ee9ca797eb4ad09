-- patchmail.hook_remove(hook, actor, dry_run): forgets a hook, with what is set aside for it.
-- Takes    its name; the user of Patchwork in whose name it is done, or NULL; true to see what would be done.
-- Gives    the row of the audit.
-- Errors   no_data_found; object_in_use while a process serves it, which would only make it again.
-- Touches  patchmail.hook, patchmail.deferred_event, patchmail.audit.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION patchmail.hook_remove(hook text, actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    former CONSTANT patchmail.hook := _patchmail.find_hook(hook, actor);
    aside  CONSTANT bigint := (SELECT count(*) FROM patchmail.deferred_event d WHERE d.hook = former.name);
    change patchmail.audit;
BEGIN
    IF former.held_until > clock_timestamp() THEN
        RAISE EXCEPTION 'hook "%" is served by %: stop that first', former.name, former.holder
            USING ERRCODE = 'object_in_use';
    END IF;
    BEGIN
        DELETE FROM patchmail.hook h WHERE h.name = former.name;
        change := _patchmail.note_change(
            'hook_remove', actor, NULL, 'hook', NULL,
            jsonb_build_object('hook', former.name, 'filter', former.filter, 'position', former.position,
                               'set_aside', aside), NULL);
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN NEXT change;
END
$$;
COMMENT ON FUNCTION patchmail.hook_remove IS
    'Forgets a hook that no process serves, with the events that are set aside for it.';
