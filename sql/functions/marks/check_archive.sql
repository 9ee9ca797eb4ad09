-- _patchmail.check_archive(archive): the caller may read an archive on.
-- Takes    the row.
-- Errors   An archive of another deliverer: insufficient_privilege.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_archive(archive patchmail.archive)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT _patchmail.may_follow(archive.deliverer) THEN
        RAISE EXCEPTION 'the archive % belongs to role %, not to %', archive.archive, archive.deliverer, session_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('patchmail.forget_archive(%L) frees it.', archive.archive);
    END IF;
END
$$;
