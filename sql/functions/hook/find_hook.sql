-- _patchmail.find_hook(hook, actor): the row of a hook, for an admin.
-- Takes    its name; the user of Patchwork in whose name he acts, or NULL.
-- Gives    the row; an error in words if there is no such hook, or no such user.
-- Locks    the hook.
CREATE OR REPLACE FUNCTION _patchmail.find_hook(hook text, actor text)
RETURNS patchmail.hook LANGUAGE plpgsql AS $$
DECLARE
    place patchmail.hook;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    SELECT h.* INTO place FROM patchmail.hook h WHERE h.name = hook FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no hook "%": SELECT * FROM patchmail.hooks', hook USING ERRCODE = 'no_data_found';
    END IF;
    RETURN place;
END
$$;
