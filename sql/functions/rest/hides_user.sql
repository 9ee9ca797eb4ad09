-- _patchmail.hides_user(user_id, project_id): whether the address of a user is kept from whoever is connected.
-- Takes    the user; the project that is shown, or NULL: none, as in a list of users.
-- Rules    The project decides.  Without one, an address is shown if its owner maintains a project that shows
--          addresses.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.hides_user(user_id integer, project_id integer)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN _patchmail.hides_addresses($2)
       AND (project_id IS NOT NULL
            OR NOT EXISTS (SELECT FROM public.patchwork_userprofile f
                             JOIN public.patchwork_userprofile_maintainer_projects m ON m.userprofile_id = f.id
                            WHERE f.user_id = $1
                              AND NOT EXISTS (SELECT FROM patchmail.policy y
                                               WHERE y.project_id = m.project_id AND NOT y.show_addresses)));
END
$$;
