-- patchmail.housekeeping(dry_run): what has to be done once a day.
-- Takes    true to see what would be done.
-- Gives    the rows of the audit: what expired, a row a project or kind (patchmail.retention has the ages); what is
--          forgotten of projects and people who were deleted (patchmail.tidy); and a row for each patch that is
--          archived, since its project's policy has archive_after.
-- Touches  patchmail.message and what belongs to it, _ignored_mail, _overdue, _quarantine, _policy, _raw, _audit;
--          of Patchwork's tables patchwork_patch alone (archived).
-- Locks    another call of this; each project that has something to expire, to archive or to forget.
CREATE OR REPLACE FUNCTION patchmail.housekeeping(dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    done   patchmail.audit[];
    newest bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.housekeeping'), 0);
    -- All that are locked again below, at once, so that it is in the order of their ids.
    PERFORM _patchmail.lock_projects(ARRAY(
        SELECT y.project_id FROM patchmail.policy y WHERE y.archive_after IS NOT NULL
        UNION
        SELECT m.project_id FROM patchmail.message m, patchmail.retention r
         WHERE m.waiting IS NOT NULL AND m.arrived < now() - r.keep AND r.what = 'waiting'));
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
        done := done || ARRAY(
            SELECT a FROM patchmail.policy y JOIN public.patchwork_project p ON p.id = y.project_id,
                          LATERAL patchmail.archive_stale(p.linkname::text, y.archive_after) a
             WHERE y.archive_after IS NOT NULL ORDER BY a.id);
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
    'What has to be done once a day: expires what is too old, archives by policy, and forgets what was deleted.';
