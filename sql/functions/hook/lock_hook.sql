-- _patchmail.lock_hook(hook, holder): the row of a hook, for the process that serves it.
-- Takes    its name, and the name that the process gave when it opened the hook.
-- Gives    the row.
-- Errors   object_in_use if another process has opened it since, or an admin took it away: that the lease is over
--          matters only then.  A hook of another role: insufficient_privilege.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION _patchmail.lock_hook(hook text, holder text)
RETURNS patchmail.hook LANGUAGE plpgsql AS $$
DECLARE
    place patchmail.hook;
BEGIN
    SELECT h.* INTO place FROM patchmail.hook h WHERE h.name = hook FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no hook "%" any more', hook USING ERRCODE = 'object_in_use';
    ELSIF NOT _patchmail.may_follow(place.notifier) THEN
        RAISE EXCEPTION 'the hook "%" belongs to role %, not to %', hook, place.notifier, session_user
            USING ERRCODE = 'insufficient_privilege';
    ELSIF place.holder IS DISTINCT FROM holder OR holder IS NULL THEN
        RAISE EXCEPTION 'hook "%" is served by %', hook, coalesce(place.holder, 'nobody: it has to be opened anew')
            USING ERRCODE = 'object_in_use';
    END IF;
    RETURN place;
END
$$;
