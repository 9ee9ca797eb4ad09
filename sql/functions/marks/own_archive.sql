-- _patchmail.own_archive(archive): an archive that nobody's role has is the caller's from now on.
-- Takes    the row, which the caller has locked.
-- Rules    Who may do all that the owner of these functions may leaves it to the next one.
-- Errors   As _patchmail.check_archive.
-- Touches  patchmail.archive (deliverer).
CREATE OR REPLACE FUNCTION _patchmail.own_archive(archive patchmail.archive)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.check_archive(archive);
    IF archive.deliverer IS NULL OR to_regrole(quote_ident(archive.deliverer)) IS NULL THEN
        UPDATE patchmail.archive a SET deliverer = session_user
         WHERE a.archive = own_archive.archive.archive AND NOT pg_has_role(session_user, current_user, 'MEMBER');
    END IF;
END
$$;
