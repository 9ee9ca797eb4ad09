-- _patchmail.next_events(after, limit, filter): the events that come next, in the order in which they were committed.
-- Takes    the position after which to look; how many events at most; what they are narrowed to, as
--          patchmail.event_list takes it; there may be several categories.
-- Gives    a row an event: its position and its id; then, if it has looked further than the last of them, a row with
--          that position and no event.
-- Rules    Events of history have positions below 0, and are never given.
--          It looks at 10,000 positions at most, so that each call is short, whatever the filter lets through.
-- Errors   invalid_parameter_value in words if there is no such filter, or its value is wrong.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.next_events(after bigint, "limit" integer, filter text)
RETURNS TABLE ("position" bigint, event_id integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted  jsonb := _patchmail.read_filter(filter);
    unknown text := (SELECT w.name FROM jsonb_object_keys(wanted) w (name)
                      WHERE NOT (_patchmail.list_rules('event')).filters ? w.name LIMIT 1);
    seen    bigint := (SELECT max(o.position)
                         FROM (SELECT o.position FROM patchmail.event_order o WHERE o.position > after
                                ORDER BY o.position LIMIT 10000) o);
BEGIN
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'events have no filter "%"', unknown USING ERRCODE = 'invalid_parameter_value';
    END IF;
    wanted := wanted || (SELECT coalesce(jsonb_object_agg('category', jsonb_build_array(c.names)), '{}')
                           FROM (SELECT string_agg(c.name, ',') AS names
                                   FROM jsonb_array_elements_text(wanted->'category') c (name)) c
                          WHERE c.names IS NOT NULL);
    RETURN QUERY EXECUTE
        'WITH found AS (SELECT o.position, x.id FROM patchmail.event_order o '
        'JOIN public.patchwork_event x ON x.id = o.event_id WHERE o.position > $1 AND o.position <= $2 AND '
        || array_to_string(text 'true' || _patchmail.list_conditions('event', wanted, true), ' AND ')
        || ' ORDER BY o.position LIMIT $3) SELECT f.position, f.id FROM found f '
        'UNION ALL SELECT $2, NULL FROM (SELECT count(*) AS n, max(f.position) AS last FROM found f) f '
        'WHERE f.n < $3 AND $2 > coalesce(f.last, 0) ORDER BY 1' USING after, seen, "limit";
END
$$;
