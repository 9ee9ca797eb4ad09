-- _patchmail.choose_probe(place): while the first event of a hook fails, another one that shows whether that one is
-- why.
-- Takes    the hook; its probe is not NULL.
-- Gives    the hook, in which `given` is that event, if it is one that comes later; one that is set aside, if there is
--          none such; whether there is more to look at.
-- Touches  patchmail.deferred_event, as _patchmail.due_retries.
CREATE OR REPLACE FUNCTION _patchmail.choose_probe(INOUT place patchmail.hook, OUT retries bigint[], OUT more boolean)
LANGUAGE plpgsql AS $$
DECLARE
    found record := _patchmail.look_for_events(place.probe, 1, place.filter);
BEGIN
    retries := '{}';
    more := found.positions = '{}' AND found.seen < patchmail.events_cursor();
    place.given := found.positions;
    IF found.positions = '{}' THEN
        place.probe := coalesce(found.seen, place.probe);
        retries := CASE WHEN more THEN '{}' ELSE _patchmail.due_retries(place, 1) END;
    END IF;
END
$$;
