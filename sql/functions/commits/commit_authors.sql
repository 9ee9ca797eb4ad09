-- _patchmail.commit_authors(author): the people who may be the author of a commit.
-- Takes    the author of its facts.
-- Gives    ids in public.patchwork_person: who has or had his address, and who has his name, if that is more than one
--          word.  By address nobody whose address is hidden from whoever is connected.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.commit_authors(author jsonb)
RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT a.id
          FROM (SELECT p.id FROM public.patchwork_person p
                 WHERE upper(p.email::text COLLATE "C") = upper($1->>'email' COLLATE "C")
                UNION
                SELECT a.person_id FROM patchmail.person_alias a WHERE a.email = upper($1->>'email' COLLATE "C")) a
         WHERE NOT _patchmail.hides_person(a.id, NULL)
        UNION
        (SELECT p.id FROM public.patchwork_person p
          WHERE lower(p.name::text) = lower($1->>'name') AND $1->>'name' ~ '\S\s+\S' LIMIT 100));
$$;
