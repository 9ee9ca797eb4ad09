-- _patchmail.choose_events(place, most): what is delivered to a hook now.
-- Takes    the hook, and how many events at most.
-- Gives    the hook, in which `given` are the events that come next; those that are set aside and due; whether there is
--          more to look at, if there are neither.
-- Rules    While the receiver is away there are none; when its time has come there is the first alone, so that order is
--          kept.  Else up to half are of those that are set aside, or if it is one alone, every second.
--          If what the filter names is gone, it is looked again a minute later.
--          The position moves over what the hook does not want, and over what was deleted.
-- Touches  patchmail.deferred_event, as _patchmail.due_retries.
CREATE OR REPLACE FUNCTION _patchmail.choose_events(INOUT place patchmail.hook, most integer, OUT retries bigint[],
                                                    OUT more boolean)
LANGUAGE plpgsql AS $$
DECLARE
    chosen record;
    found  record;
BEGIN
    place.given := '{}';
    retries := '{}';
    more := false;
    IF place.probe IS NOT NULL THEN
        chosen := _patchmail.choose_probe(place);
        place := chosen.place;
        retries := chosen.retries;
        more := chosen.more;
    END IF;
    IF place.given <> '{}' OR retries <> '{}' OR more OR place.attempts > 0 AND place.next_try > clock_timestamp() THEN
        RETURN;
    END IF;
    found := _patchmail.look_for_events(place.position, CASE place.attempts WHEN 0 THEN most ELSE 1 END, place.filter);
    place.position := coalesce(found.positions[1] - 1, found.seen, place.position);
    IF found.wrong IS NOT NULL THEN
        place.reason := found.wrong;
        place.next_try := clock_timestamp() + interval '1 minute';
    ELSIF found.positions = '{}' OR place.attempts = 0 THEN
        place.head := NULL;
        place.attempts := 0;
        place.reason := NULL;
        place.next_try := NULL;
        place.probe := NULL;
    END IF;
    IF place.attempts = 0 THEN
        retries := _patchmail.due_retries(place, greatest(most / 2, 1));
        IF most = 1 AND retries <> '{}' THEN
            place.retried := NOT (place.retried AND found.positions <> '{}');
            retries := CASE WHEN place.retried THEN retries ELSE '{}' END;
        END IF;
    END IF;
    place.given := found.positions[1:most - cardinality(retries)];
    more := place.given = '{}' AND retries = '{}' AND found.seen < patchmail.events_cursor();
END
$$;
