-- patchmail.find_author(facts, listemail): who wrote a mail: {"name", "email"}.
-- Rules    Where From is the list's own address, the list rewrote it: then the author that the facts found behind it.
CREATE OR REPLACE FUNCTION patchmail.find_author(facts jsonb, listemail text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN upper(facts->'author'->>'email' COLLATE "C") = upper(listemail COLLATE "C")
                 AND facts->'original_author'->>'email' IS NOT NULL
                THEN facts->'original_author' ELSE facts->'author' END;
$$;
