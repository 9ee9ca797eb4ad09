-- _patchmail.expire_kept(): removes what is older than patchmail.retention says, but for replies that wait.
-- Gives    the rows of the audit, one for each kind of which there was some.
-- Touches  patchmail.ignored_mail, _overdue, _quarantine with its parts, _audit, _deferred_event.
CREATE OR REPLACE FUNCTION _patchmail.expire_kept()
RETURNS SETOF patchmail.audit LANGUAGE sql AS $$
    WITH age AS MATERIALIZED (
        SELECT r.what, now() - r.keep AS before FROM patchmail.retention r WHERE r.keep IS NOT NULL
    ), ignored AS (
        DELETE FROM patchmail.ignored_mail i USING age a WHERE a.what = 'ignored' AND i.last_at < a.before
        RETURNING i.last_at AS at
    ), overdue AS (
        DELETE FROM patchmail.overdue o USING age a WHERE a.what = 'overdue' AND o.last_try < a.before
        RETURNING o.last_try AS at
    ), quarantine AS (
        DELETE FROM patchmail.quarantine q USING age a WHERE a.what = 'quarantine' AND q.last_try < a.before
        RETURNING q.last_try AS at
    ), audit AS (
        DELETE FROM patchmail.audit u USING age a WHERE a.what = 'audit' AND u.at < a.before
        RETURNING u.at
    ), undelivered AS (
        DELETE FROM patchmail.deferred_event d USING age a
         WHERE a.what = 'undelivered' AND d.dead AND d.next_try < a.before
        RETURNING d.next_try AS at
    )
    SELECT n.*
      FROM (SELECT x.what, count(*) AS removed, min(x.at) AS oldest
              FROM (SELECT 'ignored' AS what, i.at FROM ignored i
                    UNION ALL SELECT 'overdue', o.at FROM overdue o
                    UNION ALL SELECT 'quarantine', q.at FROM quarantine q
                    UNION ALL SELECT 'audit', u.at FROM audit u
                    UNION ALL SELECT 'undelivered', d.at FROM undelivered d) x
             GROUP BY x.what ORDER BY x.what) g,
           LATERAL _patchmail.note_change('housekeeping', NULL, NULL, g.what, NULL,
                                          jsonb_build_object('removed', g.removed, 'oldest', g.oldest), NULL) n;
$$;
