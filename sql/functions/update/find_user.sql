-- _patchmail.find_user(username): the id of a user of Patchwork by the name.
-- Gives    NULL for NULL.
-- Errors   no_data_found if there is no such user.
CREATE OR REPLACE FUNCTION _patchmail.find_user(username text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    id integer := (SELECT u.id FROM public.auth_user u WHERE u.username::text = find_user.username);
BEGIN
    IF id IS NULL AND username IS NOT NULL THEN
        RAISE EXCEPTION 'there is no user "%"', username USING ERRCODE = 'no_data_found';
    END IF;
    RETURN id;
END
$$;
