-- _patchmail.user_part(user_id, base_url): a user as he stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.user_part(user_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', u.id,
                       'url', format('%s/api/users/%s/', base_url, u.id),
                       'username', u.username,
                       'first_name', u.first_name,
                       'last_name', u.last_name,
                       'email', u.email)
              FROM public.auth_user u WHERE u.id = $1);
END
$$;
