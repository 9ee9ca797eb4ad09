-- _patchmail.restore_people(ids): enters the authors of comments that waited, now that they get their places.
-- Takes    ledger ids.
-- Why      a comment that waits makes and names no person, since many never get a place; and its author may have been
--          deleted meanwhile.
-- Rules    As for new mail with their dates (_patchmail.find_person).
-- Touches  patchmail.message (submitter_id, author_name); public.patchwork_person.
-- Locks    the addresses of those that are new, in their order.
CREATE OR REPLACE FUNCTION _patchmail.restore_people(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    comment record;
BEGIN
    FOR comment IN
        SELECT m.id, m.names, least(m.date, m.arrived) AS date, w.author
          FROM patchmail.message m JOIN public.patchwork_project p ON p.id = m.project_id, LATERAL (
               SELECT _patchmail.find_author(m.waiting, p.listemail) AS author) w
         WHERE m.id = ANY (ids) AND m.waiting IS NOT NULL
           AND NOT EXISTS (SELECT FROM public.patchwork_person o WHERE o.id = m.submitter_id)
         ORDER BY upper(w.author->>'email' COLLATE "C"), m.id
    LOOP
        IF comment.author->>'email' IS NOT NULL THEN
            UPDATE patchmail.message m SET submitter_id = f.id, author_name = f.name
              FROM _patchmail.find_person(comment.author, comment.date, comment.names) f
             WHERE m.id = comment.id;
        END IF;
    END LOOP;
END
$$;
