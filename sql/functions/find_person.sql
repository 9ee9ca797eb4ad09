-- patchmail.find_person(author, date): the person who wrote a mail, made if need be.
-- Takes    {"name", "email"} and the mail's date.
-- Gives    the id in public.patchwork_person.
-- Rules    Found by address, which is kept as first seen: nobody is made whose address differs from a known one in case
--          only.  The name is the one that the mail with the latest date gives (of two with one date, the greater),
--          whatever the order of arrival.  A name that Patchwork gave is as old as the last mail that Patchwork stored
--          itself.
-- Touches  public.patchwork_person.
-- Locks    the address, unless it is known just so: two projects may see somebody for the first time at once.
CREATE OR REPLACE FUNCTION patchmail.find_person(author jsonb, date timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    address  text := left(author->>'email', 255);
    new_name text := left(nullif(author->>'name', ''), 255);
    known    record;
BEGIN
    SELECT p.id, p.name::text AS known_name INTO known FROM public.patchwork_person p WHERE p.email::text = address;
    IF known.id IS NULL THEN
        known := patchmail.create_person(address, new_name);
    END IF;
    IF new_name <> known.known_name OR new_name IS NOT NULL AND known.known_name IS NULL THEN
        UPDATE public.patchwork_person p SET name = new_name
         WHERE p.id = known.id
           AND NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.submitter_id = known.id AND m.author_name IS NOT NULL
                              AND (m.date, m.author_name COLLATE "C") > (find_person.date, new_name COLLATE "C"))
           AND NOT patchmail.wrote_later(known.id, find_person.date);
    END IF;
    RETURN known.id;
END
$$;
