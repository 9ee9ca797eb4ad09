-- _patchmail.find_state(name): the state of that name, ignoring the case of ASCII letters; else the one that new
-- patches have (ordering 0).
CREATE OR REPLACE FUNCTION _patchmail.find_state(name text)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT s.id FROM public.patchwork_state s
     WHERE lower(s.name::text COLLATE "C") = lower($1 COLLATE "C") OR s.ordering = 0
     ORDER BY lower(s.name::text COLLATE "C") = lower($1 COLLATE "C") DESC NULLS LAST LIMIT 1;
$$;
