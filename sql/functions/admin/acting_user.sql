-- _patchmail.acting_user(actor): the user of Patchwork in whose name an admin acts.
-- Takes    his user name, or NULL for nobody.
-- Gives    the id, or NULL; an error in words if there is no such user.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.acting_user(actor text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    id integer := (SELECT u.id FROM public.auth_user u WHERE u.username::text = actor);
BEGIN
    IF actor IS NOT NULL AND id IS NULL THEN
        RAISE EXCEPTION 'there is no user "%"', actor USING ERRCODE = 'no_data_found';
    END IF;
    RETURN id;
END
$$;
