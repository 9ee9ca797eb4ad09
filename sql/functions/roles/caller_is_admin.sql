-- _patchmail.caller_is_admin(): whether whoever is connected may see what projects hide from readers.
-- Gives    true for members of patchmail_admin, and for the owner of the schema and whoever may become him.
-- Rules    A function with its owner's rights cannot ask for current_user, which is the owner.  So it is the role that
--          was chosen by SET ROLE, which only its members can choose, or else the one that logged in.  Whoever calls
--          through a function of others is taken for himself, not for its owner.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.caller_is_admin()
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    caller CONSTANT name := coalesce(nullif(current_setting('role'), 'none'), session_user);
BEGIN
    RETURN coalesce(pg_has_role(caller, to_regrole('patchmail_admin')::oid, 'MEMBER'), false)
        OR (SELECT pg_has_role(caller, n.nspowner, 'MEMBER') FROM pg_namespace n WHERE n.nspname = 'patchmail');
END
$$;
