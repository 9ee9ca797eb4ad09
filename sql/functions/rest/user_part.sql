-- _patchmail.user_part(user_id, base_url, project_id): a user as he stands in other REST documents.
-- Takes    the project that the document is of, or NULL: none.
-- Gives    null for an address that is hidden from whoever is connected.
CREATE OR REPLACE FUNCTION _patchmail.user_part(user_id integer, base_url text, project_id integer DEFAULT NULL)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', u.id,
                       'url', format('%s/api/users/%s/', base_url, u.id),
                       'username', u.username,
                       'first_name', u.first_name,
                       'last_name', u.last_name,
                       'email', CASE WHEN NOT _patchmail.hides_user(u.id, project_id) THEN u.email END)
              FROM public.auth_user u WHERE u.id = $1);
END
$$;
