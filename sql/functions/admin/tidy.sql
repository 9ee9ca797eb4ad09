-- patchmail.tidy(): forgets what schema patchmail has left of projects, people and series that Patchwork or an admin
-- deleted.
-- Gives    how many mails the ledger forgot, a row a project; those of projects that are gone are of NULL.
-- Rules    A mail of which the patch, cover letter or comment alone was deleted stays known, so that it does not come
--          back with the next import.  A reply that waits stays, whoever wrote it.  So does what is in quarantine.
-- Touches  all of schema patchmail that belongs to projects; nothing of Patchwork's.
-- Locks    each project that has something to forget, in the order of their ids.
-- For admins, once a day:  SELECT * FROM patchmail.tidy()
CREATE OR REPLACE FUNCTION patchmail.tidy()
RETURNS TABLE (project text, forgotten bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here record;
    gone bigint[];
BEGIN
    FOR here IN
        SELECT DISTINCT m.project_id AS id, p.linkname::text
          FROM patchmail.message m LEFT JOIN public.patchwork_project p ON p.id = m.project_id
         WHERE p.id IS NULL
            OR m.waiting IS NULL AND NOT EXISTS (SELECT FROM public.patchwork_person a WHERE a.id = m.submitter_id)
            OR m.series_id > 0 AND NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = m.series_id)
         ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), here.id);
        gone := ARRAY(
            SELECT m.id FROM patchmail.message m
             WHERE m.project_id = here.id
               AND (here.linkname IS NULL
                    OR m.waiting IS NULL
                       AND NOT EXISTS (SELECT FROM public.patchwork_person a WHERE a.id = m.submitter_id)));
        PERFORM _patchmail.forget_messages(gone);
        UPDATE patchmail.message m SET series_id = NULL
         WHERE m.project_id = here.id AND m.series_id > 0
           AND NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = m.series_id);
        IF gone <> '{}' THEN
            project := here.linkname;
            forgotten := cardinality(gone);
            PERFORM _patchmail.note_change('tidy', NULL, here.id, 'project', here.id,
                                           jsonb_build_object('messages', forgotten), NULL);
            RETURN NEXT;
        END IF;
    END LOOP;
    DELETE FROM patchmail.reference r
     WHERE NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = r.project_id);
    DELETE FROM patchmail.alias a WHERE NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = a.project_id);
    DELETE FROM patchmail.unplaced u
     WHERE NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = u.project_id);
    DELETE FROM patchmail.removed r
     WHERE NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = r.project_id)
        OR r.to_project_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = r.to_project_id);
    DELETE FROM patchmail.person_alias a
     WHERE NOT EXISTS (SELECT FROM public.patchwork_person p WHERE p.id = a.person_id);
    DELETE FROM patchmail.person_name n
     WHERE NOT EXISTS (SELECT FROM public.patchwork_person p WHERE p.id = n.person_id);
    DELETE FROM patchmail.event_order o
     WHERE NOT EXISTS (SELECT FROM public.patchwork_event e WHERE e.id = o.event_id);
    DELETE FROM patchmail.policy y WHERE NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = y.project_id);
END
$$;
COMMENT ON FUNCTION patchmail.tidy IS
    'Forgets what is left of projects, people and series that were deleted.  Once a day.';
