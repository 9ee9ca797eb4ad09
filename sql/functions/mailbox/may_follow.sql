-- _patchmail.may_follow(deliverer): whether the caller may move the cursors of that deliverer's mailboxes.
-- Takes    what patchmail.cursor says; NULL, and a role that is gone, stand for everybody.
-- Gives    true also to the members of that role, and so to superusers.
-- Rules    It is who logged in that counts, since these functions run with their owner's rights.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.may_follow(deliverer name)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(pg_has_role(session_user, to_regrole(quote_ident(deliverer)), 'MEMBER'), true);
$$;
