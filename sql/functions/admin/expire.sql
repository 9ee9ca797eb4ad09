-- patchmail.expire(age): removes replies that have waited for that long in threads without a patch or cover letter.
-- Takes    how long ago the youngest of them arrived.
--          An age below nothing, which would take in mail that is to come, is refused.
-- Gives    a row for each project that lost some: its linkname, how many, and when the first of them had arrived.
-- Rules    In a thread that has a patch or a cover letter nothing is removed, since what is missing may still come.
--          A removed mail that is delivered again begins to wait anew.
--          So is what patchmail.overdue noted of mail that has not come again for that long, and how much mail was
--          ignored before.
-- Touches  patchmail.message, _reference, _authentication, _overdue, _ignored_mail, _audit.  Patchwork knows nothing of
--          mail that waits.
-- Locks    each project that has such mail, in the order of their ids.
-- patchmail.housekeeping() does the same, each with the age that patchmail.retention has.
CREATE OR REPLACE FUNCTION patchmail.expire(age interval DEFAULT interval '30 days')
RETURNS TABLE (project text, removed bigint, oldest timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM _patchmail.check_age(age);
    DELETE FROM patchmail.ignored_mail i WHERE i.last_at < now() - age;
    DELETE FROM patchmail.overdue o WHERE o.last_try < now() - age;
    RETURN QUERY
    SELECT p.linkname::text, (x.before->>'waiting')::bigint, (x.before->>'oldest')::timestamptz
      FROM _patchmail.expire_waiting(age) x JOIN public.patchwork_project p ON p.id = x.project_id
     ORDER BY p.linkname;
END
$$;
COMMENT ON FUNCTION patchmail.expire IS
    'Removes replies that have waited too long in threads without a patch.  Once a day.';
