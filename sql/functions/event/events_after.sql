-- patchmail.events_after(after, limit, filter, base_url): what happened after a position, for whoever polls.
-- Takes    the position up to which the caller has read, 0 for the beginning; how many events at most, from 1 to 1,000;
--          what they are narrowed to and what their URLs begin with, as patchmail.event_list takes it.
-- Gives    a row an event, in the order in which they were committed: its position, and its document as Patchwork's
--          REST API gives it.  If it has looked further than the last of them, the last row has that position and no
--          event.  The caller goes on from the position of the last row that he has dealt with; if there is none,
--          from where he was.
-- Rules    Whoever goes on so misses no event and gets none twice, whatever transactions run beside; also on a standby.
--          The documents say how things are now, not how they were.  An event that was deleted since is not given.
--          It looks at 10,000 positions at most: a last row without an event may not be the end of what there is.
-- Errors   invalid_parameter_value in words if an argument is wrong, or if the position is one that has not been given
--          yet: it is of another database, or of what a failover or a restored backup lost.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.events_after(after bigint, "limit" integer DEFAULT 100, filter text DEFAULT '',
                                                  base_url text DEFAULT '')
RETURNS TABLE ("position" bigint, event json)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    IF ("limit" BETWEEN 1 AND 1000) IS NOT TRUE THEN
        RAISE EXCEPTION 'the limit has to be a number from 1 to 1000' USING ERRCODE = 'invalid_parameter_value';
    ELSIF (after >= 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'the position after which to look has to be a number from 0'
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF after > _patchmail.last_position() AND NOT pg_is_in_recovery() THEN
        RAISE EXCEPTION 'position % is still to come: it is of another database, or of events that were lost', after
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'patchmail.events_cursor() is the position of the newest event.';
    END IF;
    RETURN QUERY SELECT n.position, _patchmail.event_entry(n.event_id, rtrim(base_url, '/'))
                   FROM _patchmail.next_events(after, "limit", filter) n;
END
$$;
COMMENT ON FUNCTION patchmail.events_after IS
    'The events after a position, in the order in which they were committed, for whoever polls: none is missed, none '
    'given twice.';
