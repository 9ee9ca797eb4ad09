-- patchmail.hook_close(hook, holder, settled): a process no longer serves a hook, and another one may at once.
-- Takes    the hook, who has it, and what became of the last events, as patchmail.hook_next().
-- Errors   as patchmail.hook_next().
-- Touches  patchmail.hook, patchmail.deferred_event.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION patchmail.hook_close(hook text, holder text, settled jsonb DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place patchmail.hook := _patchmail.settle_events(_patchmail.lock_hook(hook, holder), settled);
BEGIN
    place.given := '{}';
    place.holder := NULL;
    place.held_until := NULL;
    PERFORM _patchmail.save_hook(place);
END
$$;
COMMENT ON FUNCTION patchmail.hook_close(text, text, jsonb) IS
    'For patchmaild: books what became of the last events, and gives the hook up.';
