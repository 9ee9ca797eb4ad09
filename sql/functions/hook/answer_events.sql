-- _patchmail.answer_events(place, positions): a hook's receiver answered, so it is not away: the hook goes on.
-- Takes    the hook; the events after its position that were answered, none if it was about one that is set aside.
-- Gives    the hook as it is now; the caller writes the row.
-- Rules    An event before them that was tried in vain, or was given and nothing is known of it, is set aside: the
--          first is tried again as if it had been refused, the others at once.
-- Touches  patchmail.deferred_event.
CREATE OR REPLACE FUNCTION _patchmail.answer_events(place patchmail.hook, positions bigint[])
RETURNS patchmail.hook LANGUAGE plpgsql AS $$
DECLARE
    reached bigint := greatest((SELECT max(p.position) FROM unnest(positions) p (position)), place.head,
                               place.position);
BEGIN
    INSERT INTO patchmail.deferred_event (hook, position, attempts, reason, next_try)
    SELECT place.name, w.position, w.attempts,
           CASE w.attempts WHEN 0 THEN 'nothing is known of it' ELSE place.reason END,
           CASE w.attempts WHEN 0 THEN now() ELSE _patchmail.retry_time(w.attempts, '1 minute', '6 hours', NULL) END
      FROM (SELECT DISTINCT g.position, CASE g.position WHEN place.head THEN place.attempts ELSE 0 END
              FROM unnest(place.given || place.head) g (position)
             WHERE g.position > place.position AND g.position < reached
                OR g.position = place.head) w (position, attempts)
     WHERE w.position <> ALL (positions)
    ON CONFLICT DO NOTHING;
    place.position := reached;
    place.given := ARRAY(SELECT g.position FROM unnest(place.given) g (position) WHERE g.position > reached);
    place.head := NULL;
    place.attempts := 0;
    place.reason := NULL;
    place.next_try := NULL;
    place.probe := NULL;
    RETURN place;
END
$$;
