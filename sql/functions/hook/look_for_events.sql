-- _patchmail.look_for_events(after, most, filter): the events that come next for a hook.
-- Takes    the position after which to look, how many at most, and the hook's filter.
-- Gives    their positions, {} for none; the position up to which it has looked, NULL if there is nothing after it;
--          what is wrong with the filter: what it names may be gone meanwhile.
-- Rules    As _patchmail.next_events: it does not look at more than 10,000 positions.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.look_for_events(after bigint, most integer, filter text, OUT positions bigint[],
                                                      OUT seen bigint, OUT wrong text)
LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(array_agg(n.position ORDER BY n.position) FILTER (WHERE n.event_id IS NOT NULL), '{}'),
           max(n.position)
      INTO positions, seen
      FROM _patchmail.next_events(after, most, filter) n;
EXCEPTION WHEN invalid_parameter_value THEN
    positions := '{}';
    wrong := SQLERRM;
END
$$;
