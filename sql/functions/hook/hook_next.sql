-- patchmail.hook_next(hook, holder, lease, settled, limit): books what became of events that a hook was given, and
-- gives what is delivered now.
-- Takes    the hook's name; the name that the process gave to patchmail.hook_open(); for how many seconds from now on
--          nobody else gets the hook; NULL, or {"positions": [...], "outcome": "delivered", "refused" or "failed",
--          "reason": why not, in words, "retry_after": after how many seconds the receiver wants to be asked again, if
--          it said so}; how many events at most, from 1 to 1,000.
-- Gives    a row an event, in the order of their positions: the position, how often it was tried before, its document
--          as Patchwork's REST API gives it, and NULL.  If there is nothing to deliver now: one row with a NULL
--          position and in how many milliseconds to ask again, which is NULL if nothing waits.
-- Rules    What was given and is not booked is given again.  After a failure nothing more of what was given should be
--          delivered: book it, and take what is given then.  See _patchmail.settle_events and choose_events.
--          Within the life of one process no event comes twice once it is booked; after a crash it may.
-- Errors   object_in_use if the hook is another's now; insufficient_privilege; invalid_parameter_value.
-- Touches  patchmail.hook, patchmail.deferred_event.
-- Locks    the hook; nothing that mail waits for.
CREATE OR REPLACE FUNCTION patchmail.hook_next(hook text, holder text, lease integer, settled jsonb DEFAULT NULL,
                                               "limit" integer DEFAULT 100)
RETURNS TABLE ("position" bigint, attempts integer, event json, wait_ms integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place  patchmail.hook;
    chosen record;
BEGIN
    IF ("limit" BETWEEN 1 AND 1000) IS NOT TRUE THEN
        RAISE EXCEPTION 'the limit has to be a number from 1 to 1000' USING ERRCODE = 'invalid_parameter_value';
    ELSIF (lease BETWEEN 1 AND 999999) IS NOT TRUE THEN
        RAISE EXCEPTION 'the lease has to be a number of seconds' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    place := _patchmail.settle_events(_patchmail.lock_hook(hook, holder), settled);
    chosen := _patchmail.choose_events(place, "limit");
    place := chosen.place;
    place.held_until := clock_timestamp() + make_interval(secs => lease);
    PERFORM _patchmail.save_hook(place);
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT g.position,
               CASE g.position WHEN place.head THEN place.attempts ELSE coalesce(d.attempts, 0) END AS tried,
               _patchmail.event_entry(o.event_id, place.base_url) AS event
          FROM unnest(place.given || chosen.retries) g (position)
          JOIN patchmail.event_order o ON o.position = g.position
          LEFT JOIN patchmail.deferred_event d ON d.hook = place.name AND d.position = g.position
    )
    SELECT g.position, g.tried, g.event, NULL::integer FROM given g WHERE g.event IS NOT NULL ORDER BY g.position;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::bigint, NULL::integer, NULL::json,
                            CASE WHEN chosen.more OR place.given || chosen.retries <> '{}' THEN 0
                                 ELSE _patchmail.hook_wait(place) END;
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.hook_next(text, text, integer, jsonb, integer) IS
    'For patchmaild: books what became of the events that a hook was given, and gives what is delivered now.';
