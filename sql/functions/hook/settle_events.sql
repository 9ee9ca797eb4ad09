-- _patchmail.settle_events(place, settled): books what became of events that were given to the process that serves a
-- hook.
-- Takes    the hook; NULL, or {"positions", "outcome": delivered, refused or failed, "reason", "retry_after"}.
-- Gives    the hook as it is now; the caller writes the row.
-- Rules    delivered: it is done.  refused: it is about this event, which is set aside, and the others go on.  failed:
--          it is about the receiver, see _patchmail.fail_events; but an event that is set aside and fails waits alone,
--          and so does what else is set aside, 1, 2, 4 ... 300 seconds, until something is delivered.
--          Positions that were not given, or were booked, are passed over.
-- Errors   invalid_parameter_value in words if it is not such an object.
-- Touches  patchmail.deferred_event.
CREATE OR REPLACE FUNCTION _patchmail.settle_events(place patchmail.hook, settled jsonb)
RETURNS patchmail.hook LANGUAGE plpgsql AS $$
DECLARE
    outcome CONSTANT text := settled->>'outcome';
    reason  CONSTANT text := coalesce(nullif(left(settled->>'reason', 400), ''), 'no reason was given');
    pause   CONSTANT numeric := CASE jsonb_typeof(settled->'retry_after') WHEN 'number'
                                THEN (settled->>'retry_after')::numeric END;
    done    bigint[];
    retries bigint[];
    fresh   bigint[];
BEGIN
    IF settled IS NULL OR settled = 'null' THEN
        RETURN place;
    ELSIF (outcome IN ('delivered', 'refused', 'failed') AND jsonb_typeof(settled->'positions') = 'array'
           AND NOT jsonb_path_exists(settled, '$.positions[*] ? (@.type() != "number")')) IS NOT TRUE THEN
        RAISE EXCEPTION 'what became of events is told by their positions and delivered, refused or failed'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    done := ARRAY(SELECT p.value::numeric::bigint FROM jsonb_array_elements_text(settled->'positions') p (value));
    retries := ARRAY(SELECT d.position FROM patchmail.deferred_event d
                      WHERE d.hook = place.name AND d.position = ANY (done));
    fresh := ARRAY(SELECT g.position FROM unnest(place.given) g (position)
                    WHERE g.position = ANY (done) AND g.position > place.position);
    IF outcome = 'delivered' THEN
        DELETE FROM patchmail.deferred_event d WHERE d.hook = place.name AND d.position = ANY (retries);
    ELSE
        PERFORM _patchmail.defer_events(place, retries || CASE outcome WHEN 'refused' THEN fresh END, reason, pause);
    END IF;
    IF outcome <> 'failed' THEN
        IF fresh <> '{}' OR retries <> '{}' AND place.probe IS NOT NULL THEN
            place := _patchmail.answer_events(place, fresh);
        END IF;
    ELSIF fresh <> '{}' THEN
        place := _patchmail.fail_events(place, fresh, reason, pause);
    ELSIF retries <> '{}' THEN
        place.probe := NULL;
    END IF;
    IF outcome = 'delivered' AND retries || fresh <> '{}' THEN
        place.last_delivered := clock_timestamp();
        place.retries_failed := 0;
        place.next_retry := NULL;
    ELSIF outcome = 'failed' AND retries <> '{}' THEN
        place.retries_failed := place.retries_failed + 1;
        place.next_retry := _patchmail.retry_time(place.retries_failed, '1 second', '300 seconds', pause);
    END IF;
    RETURN place;
END
$$;
