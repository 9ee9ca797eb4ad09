-- _patchmail.last_position(): the highest position that an event was ever given, though it may not be committed yet.
-- Gives    the position; 0 if there is none.  What is higher is of another database, or of events that were lost.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.last_position()
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(pg_sequence_last_value('patchmail.event_order_position_seq'), 0);
$$;
