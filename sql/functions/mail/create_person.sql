-- _patchmail.create_person(address, name): makes a person, unless the address is known; the case of ASCII letters does
-- not matter.
-- Gives    the id and name in public.patchwork_person; if two have the address, those of the older.  If nobody has it
--          and it was that of somebody who was merged into another person, that one's (patchmail.merge_person).
-- Rules    The case of other letters does: in most locales the upper case of a dotless i is I, and an address under
--          another domain would count as that of somebody here.
-- Touches  public.patchwork_person.
-- Locks    the address, to the end of the transaction.
CREATE OR REPLACE FUNCTION _patchmail.create_person(address text, name text, OUT id integer, OUT known_name text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('patchmail.person ' || upper(address COLLATE "C"), 0));
    SELECT p.id, p.name INTO id, known_name
      FROM public.patchwork_person p
     WHERE upper(p.email::text COLLATE "C") = upper(address COLLATE "C") ORDER BY p.id LIMIT 1;
    IF id IS NULL AND pg_relation_size('patchmail.person_alias') > 0 THEN
        SELECT p.id, p.name INTO id, known_name
          FROM patchmail.person_alias a JOIN public.patchwork_person p ON p.id = a.person_id
         WHERE a.email = upper(address COLLATE "C");
    END IF;
    IF id IS NULL THEN
        INSERT INTO public.patchwork_person AS p (email, name) VALUES (address, create_person.name)
        RETURNING p.id, p.name INTO id, known_name;
    END IF;
END
$$;
