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
-- For admins, once a day:  SELECT * FROM patchmail.expire()
CREATE OR REPLACE FUNCTION patchmail.expire(age interval DEFAULT interval '30 days')
RETURNS TABLE (project text, removed bigint, oldest timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    project_id integer;
BEGIN
    IF age IS NULL OR age < interval '0' THEN
        RAISE EXCEPTION 'the age has to be 0 or more, such as ''30 days''' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), w.project_id)
       FROM (SELECT DISTINCT m.project_id FROM patchmail.message m
              WHERE m.waiting IS NOT NULL AND m.arrived < now() - age ORDER BY m.project_id) w;
    DELETE FROM patchmail.ignored_mail i WHERE i.last_at < now() - age;
    DELETE FROM patchmail.overdue o WHERE o.last_try < now() - age;
    FOR project_id, project, removed, oldest IN
    WITH thread AS MATERIALIZED (  -- each asked about once, however many replies wait in it
        SELECT t.thread
          FROM (SELECT DISTINCT m.thread FROM patchmail.message m
                 WHERE m.waiting IS NOT NULL AND m.arrived < now() - age) t
         WHERE NOT EXISTS (SELECT FROM patchmail.message s WHERE s.thread = t.thread AND s.kind <> 'comment')),
    expired AS (
        DELETE FROM patchmail.message m
         USING thread t
         WHERE m.thread = t.thread AND m.waiting IS NOT NULL AND m.arrived < now() - age
        RETURNING m.id, m.project_id, m.refs, m.arrived),
    forgotten AS (
        DELETE FROM patchmail.reference r
         USING expired e, unnest(e.refs) AS k(msgid)
         WHERE r.project_id = e.project_id AND r.msgid = k.msgid AND r.message_id = e.id),
    unsaid AS (
        DELETE FROM patchmail.authentication a USING expired e WHERE a.message_id = e.id)
    SELECT p.id, p.linkname::text, count(*), min(e.arrived)
      FROM expired e JOIN public.patchwork_project p ON p.id = e.project_id
     GROUP BY p.id ORDER BY p.linkname
    LOOP
        PERFORM _patchmail.note_change('expire', NULL, project_id, 'project', project_id,
                                       jsonb_build_object('waiting', removed, 'oldest', oldest), NULL);
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION patchmail.expire IS
    'Removes replies that have waited too long in threads without a patch.  Once a day.';
