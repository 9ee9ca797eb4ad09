-- _patchmail.fail_events(place, positions, reason, retry_after): a hook's receiver failed with events that come next.
-- Takes    the hook; the events, after its position; why; how many seconds the receiver wants to be left alone, or
--          NULL.
-- Gives    the hook as it is now; the caller writes the row.
-- Rules    The first of them is the head: it waits for 1, 2, 4 ... 300 seconds, and all others with it.  After its
--          third failure, and each later one, another event is tried at once (place.probe).  If that fails too the
--          receiver is away, and both wait.
--          The head is dead if nothing was delivered for as long as give_up says, and the event is as old; the next one
--          waits in its place.
-- Touches  patchmail.deferred_event.
CREATE OR REPLACE FUNCTION _patchmail.fail_events(place patchmail.hook, positions bigint[], reason text,
                                                  retry_after numeric)
RETURNS patchmail.hook LANGUAGE plpgsql AS $$
DECLARE
    patience CONSTANT integer := 3;
    first    CONSTANT bigint := (SELECT min(p.position) FROM unnest(positions) p (position));
BEGIN
    place.reason := reason;
    IF place.probe IS NOT NULL AND first > place.head THEN
        place.probe := NULL;
        RETURN place;
    END IF;
    place.attempts := CASE WHEN first <> place.head THEN 1 ELSE place.attempts + 1 END;
    place.head := first;
    place.next_try := _patchmail.retry_time(place.attempts, '1 second', '300 seconds', retry_after);
    place.probe := CASE WHEN place.attempts >= patience THEN first END;
    IF greatest(place.since, place.last_delivered) <= now() - place.give_up
       AND (SELECT _patchmail.from_patchwork(e.date)
              FROM patchmail.event_order o JOIN public.patchwork_event e ON e.id = o.event_id
             WHERE o.position = first) <= now() - place.give_up THEN
        INSERT INTO patchmail.deferred_event (hook, position, attempts, reason, next_try, dead)
        VALUES (place.name, first, place.attempts, reason, now(), true);
        place.position := first;
        place.head := NULL;
        place.probe := NULL;
    END IF;
    RETURN place;
END
$$;
