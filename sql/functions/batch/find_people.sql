-- patchmail.find_people(messages, emails, kinds): finds the people who wrote the mails of a batch, or makes them.
-- Takes    ledger rows, not yet entered; the address of each one's author; and the kinds of mail to do this for.
-- Gives    the rows with their submitters.  A comment without a parent waits, and gets no person yet: 0.
-- Rules    Those of patchmail.find_person.  Of one person's mails it looks only at the one whose name would count.
-- Touches  through patchmail.find_person.
CREATE OR REPLACE FUNCTION patchmail.find_people(messages patchmail.message[], emails text[], kinds text)
RETURNS patchmail.message[] LANGUAGE plpgsql AS $$
DECLARE
    person record;
BEGIN
    FOR person IN
        SELECT w.email, w.name, w.date, w.members,
               (SELECT p.id FROM public.patchwork_person p
                 WHERE p.email::text = w.email AND p.name::text = w.name LIMIT 1) AS id
          FROM (SELECT m.email, array_agg(m.i::integer) AS members, min(m.i) AS first,
                       (array_agg(m.author_name ORDER BY m.date DESC, m.author_name COLLATE "C" DESC)
                            FILTER (WHERE m.author_name IS NOT NULL))[1] AS name,
                       max(m.date) FILTER (WHERE m.author_name IS NOT NULL) AS date
                  FROM (SELECT emails[m.ordinality] AS email, m.ordinality AS i, m.author_name,
                               least(m.date, m.arrived) AS date
                          FROM unnest(messages) WITH ORDINALITY m
                         WHERE strpos(kinds, m.kind) > 0 AND (m.kind <> 'comment' OR m.parent_id IS NOT NULL)) m
                 GROUP BY m.email) w
         ORDER BY w.first
    LOOP
        IF person.id IS NULL THEN
            person.id := (patchmail.find_person(jsonb_build_object('email', person.email, 'name', person.name),
                                                coalesce(person.date, now()), true)).id;
        END IF;
        FOR i IN 1 .. cardinality(person.members) LOOP
            messages[person.members[i]].submitter_id := person.id;
        END LOOP;
    END LOOP;
    FOR i IN 1 .. cardinality(messages) LOOP
        IF messages[i].submitter_id IS NULL AND strpos(kinds, messages[i].kind) > 0 THEN
            messages[i].submitter_id := 0;
        END IF;
    END LOOP;
    RETURN messages;
END
$$;
