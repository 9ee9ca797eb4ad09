-- _patchmail.names_of(person): all names that somebody was called: by himself, and by his mail.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.names_of(person public.patchwork_person)
RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT person.name::text WHERE person.name IS NOT NULL
                 UNION
                 SELECT m.author_name FROM patchmail.message m
                  WHERE m.submitter_id = person.id AND m.author_name IS NOT NULL);
$$;
