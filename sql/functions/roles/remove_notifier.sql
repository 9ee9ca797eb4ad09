-- patchmail.remove_notifier(role): a role may no longer tell hooks of events, nor do anything else in schema patchmail.
-- Gives    nothing; an error in words if it cannot be done, a warning if the role may do it all the same, as a member
--          of another one or as an owner.
-- Rules    From its next call on, also in sessions that it has now.  Its hooks belong to whoever opens them next.
-- Touches  what _patchmail.remove_program_role does.
-- May be called by the owner of schema patchmail.
CREATE OR REPLACE FUNCTION patchmail.remove_notifier(role name)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT _patchmail.remove_program_role($1, 'notifier');
$$;
COMMENT ON FUNCTION patchmail.remove_notifier IS
    'A role may no longer tell hooks of events.  For the owner of the schema.';
