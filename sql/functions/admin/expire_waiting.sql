-- _patchmail.expire_waiting(age): removes replies that have waited for that long, as patchmail.expire() says.
-- Gives    the row of the audit for each project that lost some.
-- Touches  through _patchmail.forget_messages; patchmail.audit.
-- Locks    each project that has such mail, in the order of their ids.
CREATE OR REPLACE FUNCTION _patchmail.expire_waiting(age interval)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    expired record;
BEGIN
    PERFORM _patchmail.lock_projects(ARRAY(
        SELECT m.project_id FROM patchmail.message m WHERE m.waiting IS NOT NULL AND m.arrived < now() - age));
    FOR expired IN
        WITH thread AS MATERIALIZED (  -- each asked about once, however many replies wait in it
            SELECT t.thread
              FROM (SELECT DISTINCT m.thread FROM patchmail.message m
                     WHERE m.waiting IS NOT NULL AND m.arrived < now() - age) t
             WHERE NOT EXISTS (SELECT FROM patchmail.message s WHERE s.thread = t.thread AND s.kind <> 'comment'))
        SELECT m.project_id, array_agg(m.id) AS ids, min(m.arrived) AS oldest
          FROM patchmail.message m JOIN thread t ON t.thread = m.thread
         WHERE m.waiting IS NOT NULL AND m.arrived < now() - age
         GROUP BY m.project_id ORDER BY m.project_id
    LOOP
        PERFORM _patchmail.forget_messages(expired.ids);
        RETURN NEXT _patchmail.note_change(
            'expire', NULL, expired.project_id, 'project', expired.project_id,
            jsonb_build_object('waiting', cardinality(expired.ids), 'oldest', expired.oldest), NULL);
    END LOOP;
END
$$;
