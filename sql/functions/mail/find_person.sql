-- _patchmail.find_person(author, date, names): finds the person who wrote a mail, or makes one.
-- Takes    {"name", "email"}; the mail's date, or when it arrived if that is earlier; and whether it may rename its
--          author.
-- Gives    the id in public.patchwork_person, and the name for the mail's row in the ledger.
-- Rules    A person is found by the address, which is kept as first seen: one that differs in case only makes nobody.
--          Whatever the order of arrival, of the mails that may rename their author the one with the latest date gives
--          the name (of two with one date, the greater name); for a date in the future that of the arrival counts.  A
--          name that Patchwork gave is as old as the last mail that Patchwork stored itself.
--          A name that an admin gave stays (patchmail.rename_person).
--          While none of a person's mails may rename, the one with the earliest date gives the name (of two, the
--          smaller name), so that no later one changes it; but a name that no mail gave stays, and their names do not
--          count.
-- Touches  public.patchwork_person.
-- Locks    the address, unless it is known in that very form: two projects may see somebody for the first time at once.
CREATE OR REPLACE FUNCTION _patchmail.find_person(author jsonb, date timestamptz, names boolean,
                                                 OUT id integer, OUT name text)
LANGUAGE plpgsql AS $$
DECLARE
    address text := left(author->>'email', 255);
    known   record;
    first   record;  -- the mail of this person with the earliest date
BEGIN
    name := left(nullif(author->>'name', ''), 255);
    SELECT p.id, p.name::text AS known_name INTO known FROM public.patchwork_person p WHERE p.email::text = address;
    IF known.id IS NULL THEN
        known := _patchmail.create_person(address, CASE WHEN names THEN name END);
    END IF;
    id := known.id;
    IF names THEN
        IF name <> known.known_name OR name IS NOT NULL AND known.known_name IS NULL THEN
            UPDATE public.patchwork_person p SET name = find_person.name
             WHERE p.id = known.id
               AND NOT EXISTS (SELECT FROM patchmail.person_name g WHERE g.person_id = p.id)
               AND NOT EXISTS (SELECT FROM patchmail.message m
                                WHERE m.submitter_id = known.id AND m.author_name IS NOT NULL AND m.names
                                  AND m.date >= find_person.date
                                  AND (least(m.date, m.arrived), m.author_name COLLATE "C")
                                      > (find_person.date, find_person.name COLLATE "C"))
               AND NOT _patchmail.wrote_later(known.id, find_person.date);
        END IF;
        RETURN;
    END IF;
    SELECT least(m.date, m.arrived) AS date, m.author_name INTO first FROM patchmail.message m
     WHERE m.submitter_id = known.id AND m.author_name IS NOT NULL
     ORDER BY 1, m.author_name COLLATE "C" LIMIT 1;
    IF NOT FOUND AND known.known_name IS NOT NULL THEN
        name := NULL;
    ELSIF known.known_name IS NULL
          OR known.known_name = first.author_name
             AND (find_person.date, name COLLATE "C") < (first.date, first.author_name COLLATE "C") THEN
        UPDATE public.patchwork_person p SET name = find_person.name
         WHERE p.id = known.id AND find_person.name IS NOT NULL
           AND NOT EXISTS (SELECT FROM patchmail.person_name g WHERE g.person_id = p.id)
           AND NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.submitter_id = known.id AND m.author_name IS NOT NULL AND m.names);
    END IF;
END
$$;
