-- _patchmail.retry_time(attempts, first, most, retry_after): when an event is tried again.
-- Takes    how often it failed; how long to wait after the first time and at most; how many seconds the receiver wants,
--          or NULL.
-- Gives    the time: the wait doubles each time, and is up to a tenth longer, so that not all come at once.  What the
--          receiver wants counts, up to an hour.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.retry_time(attempts integer, first interval, most interval, retry_after numeric)
RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + greatest(least(first * 2 ^ least(attempts - 1, 20), most) * (1 + random() / 10),
                                        make_interval(secs => least(greatest(retry_after, 0), 3600)));
$$;
