-- patchmail.store_plain(facts, sources): stores those mails of a batch together that ask for nothing out of the ordinary.
-- Takes    what patchmail.store_many takes.
-- Gives    the numbers of those that it has stored, and of those among them that wait; of the others nothing is done.
-- Touches  through patchmail.store_batch.
-- Locks    each project, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.store_plain(facts jsonb, sources jsonb, OUT stored integer[], OUT waiting integer[])
LANGUAGE plpgsql AS $$
DECLARE
    project record;
    batch   record;
BEGIN
    stored := '{}';
    waiting := '{}';
    FOR project IN
        SELECT m.project_id AS id, array_agg(m.number ORDER BY m.number) AS numbers, array_agg(m.mail ORDER BY m.number) AS facts
          FROM patchmail.plain_mail(facts, sources) m GROUP BY m.project_id ORDER BY m.project_id
    LOOP
        PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), project.id);
        batch := patchmail.store_batch(project.id, project.facts);
        stored := stored || ARRAY(SELECT project.numbers[s.i] FROM unnest(batch.stored) s(i));
        waiting := waiting || ARRAY(SELECT project.numbers[w.i] FROM unnest(batch.waiting) w(i));
    END LOOP;
END
$$;
