-- _patchmail.hides_addresses(project_id): whether a project keeps the addresses of people from whoever is connected.
-- Takes    the project, or NULL: whether any of them does.
-- Rules    A project does if its policy says so (patchmail.set_policy, show_addresses).  Admins see them.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.hides_addresses(project_id integer)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM patchmail.policy y
                    WHERE NOT y.show_addresses AND (y.project_id = $1 OR $1 IS NULL))
       AND NOT _patchmail.caller_is_admin();
END
$$;
