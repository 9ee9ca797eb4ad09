-- patchmail.housekeeping(dry_run): what has to be done once a day.
-- Takes    true to see what would be done.
-- Gives    the rows of the audit: what expired, a row a project or kind (patchmail.retention has the ages); and what is
--          forgotten of projects and people who were deleted (patchmail.tidy).
-- Touches  patchmail.message and what belongs to it, _ignored_mail, _overdue, _quarantine, _policy, _raw, _audit;
--          nothing of Patchwork's.
-- Locks    another call of this; each project that has something to expire or to forget.
CREATE OR REPLACE FUNCTION patchmail.housekeeping(dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    done   patchmail.audit[];
    newest bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.housekeeping'), 0);
    BEGIN
        done := ARRAY(SELECT a FROM patchmail.retention r, LATERAL _patchmail.expire_waiting(r.keep) a
                       WHERE r.what = 'waiting' AND r.keep IS NOT NULL);
        done := done || ARRAY(SELECT a FROM _patchmail.expire_kept() a);
        done := done || ARRAY(SELECT a FROM patchmail.retention r, LATERAL patchmail.expire_raw(r.keep) a
                               WHERE r.what = 'raw' AND r.keep IS NOT NULL);
        PERFORM _patchmail.make_raw_months();
        newest := (SELECT max(a.id) FROM patchmail.audit a);
        PERFORM patchmail.tidy();
        done := done || ARRAY(SELECT a FROM patchmail.audit a
                               WHERE a.id > coalesce(newest, 0) AND a.function = 'tidy' ORDER BY a.id);
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(done);
END
$$;
COMMENT ON FUNCTION patchmail.housekeeping IS
    'What has to be done once a day: expires what is older than retention says, and forgets what was deleted.';
