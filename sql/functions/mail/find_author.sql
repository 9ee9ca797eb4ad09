-- _patchmail.find_author(facts, listemail): the author of a mail: {"name", "email"}.
-- Rules    If From is the list's own address, the list rewrote it: then the original author that the facts have.  It
--          also did so if From is made of that author's address (`ada=example.org@lists.example.com`) under the list's
--          domain, or one above or below that.
CREATE OR REPLACE FUNCTION _patchmail.find_author(facts jsonb, listemail text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN facts->'original_author'->>'email' IS NOT NULL
                 AND (upper(facts->'author'->>'email' COLLATE "C") = upper(listemail COLLATE "C")
                      OR (facts->'original_author'->>'encoded')::boolean
                         AND _patchmail.domains_related(facts->'author'->>'email', listemail))
                THEN facts->'original_author' ELSE facts->'author' END;
$$;
