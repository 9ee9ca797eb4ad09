-- _patchmail.store_plain(facts, sources): stores together those mails of a batch that need nothing out of the ordinary.
-- Takes    what patchmail.store_many takes.
-- Gives    the numbers of the mails that it has stored, of those that wait, and of those that are to be ignored, and
--          why; it does nothing with the others.
-- Touches  through _patchmail.store_batch.
-- Locks    each project, in the order of their ids.
CREATE OR REPLACE FUNCTION _patchmail.store_plain(facts jsonb, sources jsonb, OUT stored integer[],
                                                 OUT waiting integer[], OUT ignored integer[], OUT reasons text[])
LANGUAGE plpgsql AS $$
DECLARE
    project record;
    batch   record;
BEGIN
    stored := '{}';
    waiting := '{}';
    ignored := '{}';
    reasons := '{}';
    FOR project IN
        SELECT m.project_id AS id, array_agg(m.number ORDER BY m.number) AS numbers
          FROM _patchmail.plain_mail(facts, sources) m GROUP BY m.project_id ORDER BY m.project_id
    LOOP
        PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), project.id);
        batch := _patchmail.store_batch(project.id, ARRAY(SELECT facts->(n - 1) FROM unnest(project.numbers) n),
                                        ARRAY(SELECT sources->(n - 1)->>'transport' FROM unnest(project.numbers) n));
        stored := stored || ARRAY(SELECT project.numbers[s.i] FROM unnest(batch.stored) s(i));
        waiting := waiting || ARRAY(SELECT project.numbers[w.i] FROM unnest(batch.waiting) w(i));
        ignored := ignored || ARRAY(SELECT project.numbers[g.i] FROM unnest(batch.ignored) g(i));
        reasons := reasons || batch.reasons;
    END LOOP;
END
$$;
