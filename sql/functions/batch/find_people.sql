-- _patchmail.find_people(messages, emails): finds the people who wrote the mails of a batch, or makes them.
-- Takes    ledger rows with their parents, not yet entered, and the address of each one's author.
-- Gives    the rows with their submitters.  A comment without a parent waits, and gets no person yet: 0.
-- Rules    Those of _patchmail.find_person.  Of one person's mails it looks only at the one whose name would count.
-- Touches  through _patchmail.find_person.
-- Locks    people in the order of their addresses, so that batches of different projects do not wait for each other.
CREATE OR REPLACE FUNCTION _patchmail.find_people(messages patchmail.message[], emails text[])
RETURNS patchmail.message[] LANGUAGE plpgsql AS $$
DECLARE
    person record;
BEGIN
    FOR person IN
        SELECT w.email, w.name, w.date, w.members,
               (SELECT p.id FROM public.patchwork_person p
                 WHERE p.email::text = w.email AND p.name::text = w.name LIMIT 1) AS id
          FROM (SELECT m.email, array_agg(m.i::integer) AS members,
                       (array_agg(m.author_name ORDER BY m.date DESC, m.author_name COLLATE "C" DESC)
                            FILTER (WHERE m.author_name IS NOT NULL))[1] AS name,
                       max(m.date) FILTER (WHERE m.author_name IS NOT NULL) AS date
                  FROM (SELECT emails[m.ordinality] AS email, m.ordinality AS i, m.author_name,
                               least(m.date, m.arrived) AS date
                          FROM unnest(messages) WITH ORDINALITY m
                         WHERE m.kind <> 'comment' OR m.parent_id IS NOT NULL) m
                 GROUP BY m.email) w
         ORDER BY upper(w.email COLLATE "C")
    LOOP
        IF person.id IS NULL THEN
            person.id := (_patchmail.find_person(jsonb_build_object('email', person.email, 'name', person.name),
                                                coalesce(person.date, now()), true)).id;
        END IF;
        FOR i IN 1 .. cardinality(person.members) LOOP
            messages[person.members[i]].submitter_id := person.id;
        END LOOP;
    END LOOP;
    FOR i IN 1 .. cardinality(messages) LOOP
        IF messages[i].submitter_id IS NULL THEN
            messages[i].submitter_id := 0;
        END IF;
    END LOOP;
    RETURN messages;
END
$$;
