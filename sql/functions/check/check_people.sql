-- _patchmail.check_people(only_project): people who are there twice; see _patchmail.check_series.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_people(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT NULL::integer, 'person-twice', 'person', x.id::bigint,
           format('%s, as person %s: %s', x.email, x.first, f.email), NULL::text
      FROM (SELECT p.id, p.email, min(p.id) OVER (PARTITION BY upper(p.email::text COLLATE "C")) AS first
              FROM public.patchwork_person p) x
      JOIN public.patchwork_person f ON f.id = x.first
     WHERE x.id > x.first AND $1 IS NULL;
$$;
