-- _patchmail.hook_wait(place): when something is to be delivered to a hook again, if there is nothing now.
-- Takes    the hook, as _patchmail.choose_events gives it.
-- Gives    in how many milliseconds; NULL if nothing waits.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.hook_wait(place patchmail.hook)
RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT greatest(ceil(extract(epoch FROM w.next - clock_timestamp()) * 1000), 0)::integer
      FROM (SELECT least($1.next_try,
                         (SELECT greatest(d.next_try, $1.next_retry) FROM patchmail.deferred_event d
                           WHERE d.hook = $1.name AND NOT d.dead AND ($1.attempts = 0 OR $1.probe IS NOT NULL)
                           ORDER BY d.next_try LIMIT 1))) w (next)
     WHERE w.next IS NOT NULL;
$$;
