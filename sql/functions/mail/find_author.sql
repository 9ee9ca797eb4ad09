-- patchmail.find_author(facts, listemail): who wrote a mail: {"name", "email"}.
-- Rules    Where From is the list's own address, the list rewrote it: then the author that the facts found behind it.  So
--          it did where From is made of that author's address (`ada=example.org@lists.example.com`), under a domain that is
--          the list's, above it or below it.
CREATE OR REPLACE FUNCTION patchmail.find_author(facts jsonb, listemail text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN facts->'original_author'->>'email' IS NOT NULL
                 AND (upper(facts->'author'->>'email' COLLATE "C") = upper(listemail COLLATE "C")
                      OR (facts->'original_author'->>'encoded')::boolean
                         AND patchmail.domains_related(facts->'author'->>'email', listemail))
                THEN facts->'original_author' ELSE facts->'author' END;
$$;
