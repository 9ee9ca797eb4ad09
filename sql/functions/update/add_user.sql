-- patchmail.add_user(username, email, ...): makes a user of Patchwork.
-- Takes    what Django asks for, with its rules; superuser: whether he may use the administration's pages, and all of
--          them.
-- Gives    the row of patchmail.audit, with the new id.
-- Rules    He has no password, as Django writes that, and no token: he cannot log in before somebody gives him one, as
--          by "manage.py changepassword".  The rows of Patchwork may name him all the same.
-- Errors   check_violation, also if the name is taken.
-- Touches  public.auth_user, public.patchwork_userprofile; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.add_user(username text, email text DEFAULT '', first_name text DEFAULT '',
                                              last_name text DEFAULT '', superuser boolean DEFAULT false,
                                              actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    given   jsonb := jsonb_build_object('username', normalize(username, NFKC), 'email', email, 'first_name', first_name,
                                        'last_name', last_name, 'superuser', superuser);
    wrong   text;
    user_id integer;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    given := _patchmail.check_change(given, '{"username": "string 150", "email": "string 254", "superuser": "boolean",
                                              "first_name": "string 150", "last_name": "string 150"}');
    wrong := CASE
        WHEN given->>'username' !~ '^[\w.@+-]+$' THEN
            format('username "%s" is not made of letters, digits and @ . + - _', given->>'username')
        WHEN given->>'email' !~ '^([^\s@]+@[^\s@]+)?$' THEN format('email "%s" is not an address', given->>'email')
        WHEN EXISTS (SELECT FROM public.auth_user u WHERE lower(u.username) = lower(given->>'username')) THEN
            format('there is a user "%s" already', given->>'username')
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.auth_user AS u (password, is_superuser, username, first_name, last_name, email, is_staff,
                                       is_active, date_joined)
    VALUES ('!' || left(translate(gen_random_uuid()::text || gen_random_uuid(), '-', ''), 40), superuser,
            given->>'username', given->>'first_name', given->>'last_name', given->>'email', superuser, true,
            _patchmail.patchwork_time(now()))
    RETURNING u.id INTO user_id;
    PERFORM _patchmail.profile_of(user_id);
    RETURN NEXT _patchmail.note_change('add_user', actor, NULL, 'user', user_id, NULL, given);
END
$$;
COMMENT ON FUNCTION patchmail.add_user IS
    'Makes a user of Patchwork, without a password: manage.py changepassword gives him one.';
