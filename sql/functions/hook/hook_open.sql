-- patchmail.hook_open(hook, settings): one process takes a hook, and says what its receiver wants.
-- Takes    the hook's name; and {"holder": a name that only this process has, "lease": for how many seconds nobody else
--          gets it, "filter": as patchmail.events_after() takes it, a text or an object, "base_url": what the URLs of
--          the documents begin with, "from": "now", "beginning" or a position, "give_up": after how many seconds an
--          event is no longer tried (14 days if it is not there), "gone": the name of a holder that is known to have
--          ended, if there is one}.
-- Gives    true; or false and who has it, if the lease of another process is not over.
-- Rules    The first call makes the hook; only there "from" counts, "now" if it is not there.  Later calls write
--          filter, base_url and give_up anew, and nothing else: what waits goes on waiting.  A filter counts from the
--          position on, not for what is set aside.
--          A hook belongs to the role that opens it first, as a mailbox does (patchmail.open_mailbox).
-- Errors   invalid_parameter_value in words if a setting is wrong; insufficient_privilege if the hook is another
--          role's.
-- Touches  patchmail.hook.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION patchmail.hook_open(hook text, settings jsonb)
RETURNS TABLE (held boolean, holder text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    said  CONSTANT patchmail.hook := _patchmail.read_hook(hook, settings);
    place patchmail.hook;
BEGIN
    INSERT INTO patchmail.hook (name, filter, base_url, give_up, position)
    SELECT said.name, said.filter, said.base_url, said.give_up,
           _patchmail.hook_start(coalesce(settings->>'from', 'now'))
     WHERE NOT EXISTS (SELECT FROM patchmail.hook h WHERE h.name = said.name)
    ON CONFLICT DO NOTHING;
    SELECT h.* INTO STRICT place FROM patchmail.hook h WHERE h.name = said.name FOR NO KEY UPDATE;
    IF NOT _patchmail.may_follow(place.notifier) THEN
        RAISE EXCEPTION 'the hook "%" belongs to role %, not to %', hook, place.notifier, session_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('patchmail.remove_notifier(%L) frees its hooks.', place.notifier);
    ELSIF place.holder IS DISTINCT FROM said.holder AND place.holder IS DISTINCT FROM settings->>'gone'
          AND place.held_until > clock_timestamp() THEN
        RETURN QUERY SELECT false, place.holder;
        RETURN;
    END IF;
    UPDATE patchmail.hook h
       SET filter = said.filter, base_url = said.base_url, give_up = said.give_up, given = '{}',
           holder = said.holder, held_until = said.held_until,
           notifier = CASE WHEN to_regrole(quote_ident(h.notifier)) IS NOT NULL THEN h.notifier
                           WHEN NOT pg_has_role(session_user, current_user, 'MEMBER') THEN session_user END
     WHERE h.name = said.name;
    RETURN QUERY SELECT true, said.holder;
END
$$;
COMMENT ON FUNCTION patchmail.hook_open(text, jsonb) IS
    'For patchmaild: takes a hook for the process that serves it.';
