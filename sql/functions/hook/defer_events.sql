-- _patchmail.defer_events(place, positions, reason, retry_after): events of a hook were tried, and are set aside, or
-- stay so.
-- Takes    the hook; the events; why they could not be delivered; how many seconds the receiver wants to be left alone.
-- Rules    They are tried again after a minute, then 2, 4 ... up to 6 hours.  One that has been tried for as long as
--          give_up says is dead.
-- Touches  patchmail.deferred_event.
CREATE OR REPLACE FUNCTION _patchmail.defer_events(place patchmail.hook, positions bigint[], reason text,
                                                   retry_after numeric)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO patchmail.deferred_event AS d (hook, position, attempts, reason, next_try)
    SELECT $1.name, p.position, 1, $3, _patchmail.retry_time(1, '1 minute', '6 hours', $4)
      FROM unnest($2) p (position)
    ON CONFLICT ON CONSTRAINT deferred_event_pkey DO UPDATE
       SET attempts = d.attempts + 1, reason = excluded.reason, dead = d.first_try <= now() - $1.give_up,
           next_try = _patchmail.retry_time(d.attempts + 1, '1 minute', '6 hours', $4);
$$;
