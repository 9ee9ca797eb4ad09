-- _patchmail.save_hook(place): writes the row of a hook, as far as a delivery changes it.
-- Rules    Nobody waits until that is on the disk: after a crash events come again.
-- Touches  patchmail.hook.
CREATE OR REPLACE FUNCTION _patchmail.save_hook(place patchmail.hook)
RETURNS void LANGUAGE sql AS $$
    SELECT set_config('synchronous_commit', 'off', true);
    UPDATE patchmail.hook h
       SET position = $1.position, last_delivered = $1.last_delivered, given = $1.given, head = $1.head,
           attempts = $1.attempts, reason = $1.reason, next_try = $1.next_try, probe = $1.probe,
           retries_failed = $1.retries_failed, next_retry = $1.next_retry, retried = $1.retried, holder = $1.holder,
           held_until = $1.held_until
     WHERE h.name = $1.name;
$$;
