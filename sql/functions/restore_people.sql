-- patchmail.restore_people(ids): enters again who wrote the comments that waited, where somebody deleted him meanwhile.
-- Takes    ledger ids.
-- Rules    As for new mail of the date that they came at (patchmail.find_person).
-- Touches  patchmail.message (submitter_id); public.patchwork_person.
CREATE OR REPLACE FUNCTION patchmail.restore_people(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    comment record;
BEGIN
    FOR comment IN
        SELECT m.id, m.names, least(m.date, m.arrived) AS date, patchmail.find_author(m.waiting, p.listemail) AS author
          FROM patchmail.message m JOIN public.patchwork_project p ON p.id = m.project_id
         WHERE m.id = ANY (ids) AND m.waiting IS NOT NULL
           AND NOT EXISTS (SELECT FROM public.patchwork_person o WHERE o.id = m.submitter_id)
         ORDER BY m.id
    LOOP
        IF comment.author->>'email' IS NOT NULL THEN
            UPDATE patchmail.message m SET submitter_id = f.id
              FROM patchmail.find_person(comment.author, comment.date, comment.names) f
             WHERE m.id = comment.id;
        END IF;
    END LOOP;
END
$$;
