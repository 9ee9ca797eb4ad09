-- patchmail.find_person(author, date, names): the person who wrote a mail, made if need be.
-- Takes    {"name", "email"}; the mail's date, or when it arrived if that is earlier; and whether it may rename its
--          author.
-- Gives    the id in public.patchwork_person, and the name for the mail's row in the ledger.
-- Rules    Found by address, which is kept as first seen: nobody is made whose address differs from a known one in case
--          only.  Whatever the order of arrival, the name is the one that the mail with the latest date gives (of two
--          with one date, the greater) of those that may rename; a date in the future counts as that of the arrival.
--          A name that Patchwork gave is as old as the last mail that Patchwork stored itself.
--          While none of somebody's mails may rename, the name is that of the one with the earliest date (of two, the
--          smaller), so that no later one changes it; but a name that no mail gave stays, and theirs count for nothing.
-- Touches  public.patchwork_person.
-- Locks    the address, unless it is known just so: two projects may see somebody for the first time at once.
CREATE OR REPLACE FUNCTION patchmail.find_person(author jsonb, date timestamptz, names boolean,
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
        known := patchmail.create_person(address, CASE WHEN names THEN name END);
    END IF;
    id := known.id;
    IF names THEN
        IF name <> known.known_name OR name IS NOT NULL AND known.known_name IS NULL THEN
            UPDATE public.patchwork_person p SET name = find_person.name
             WHERE p.id = known.id
               AND NOT EXISTS (SELECT FROM patchmail.message m
                                WHERE m.submitter_id = known.id AND m.author_name IS NOT NULL AND m.names
                                  AND m.date >= find_person.date
                                  AND (least(m.date, m.arrived), m.author_name COLLATE "C")
                                      > (find_person.date, find_person.name COLLATE "C"))
               AND NOT patchmail.wrote_later(known.id, find_person.date);
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
           AND NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.submitter_id = known.id AND m.author_name IS NOT NULL AND m.names);
    END IF;
END
$$;
