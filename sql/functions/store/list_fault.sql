-- patchmail.list_fault(source): what is wrong with the list that a configuration or --list-id names.
-- Takes    a source as patchmail.store does; of it only "list_id" counts.
-- Gives    NULL if there is none, or a project has it; else in words what is wrong, and how an admin mends that.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.list_fault(source jsonb)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    named CONSTANT text := source->>'list_id';
    likes text;  -- the same list, written as projects have it
BEGIN
    IF named IS NULL OR EXISTS (SELECT FROM public.patchwork_project p WHERE p.listid::text = named) THEN
        RETURN NULL;
    END IF;
    SELECT format(' (%s is there)', string_agg(DISTINCT concat('"', p.listid, '"'), ', ')) INTO likes
      FROM public.patchwork_project p
     WHERE lower(p.listid) = lower(replace(btrim(named, '<> '), '@', '.'))
    HAVING count(*) > 0;
    RETURN format('no project has the list id "%s" that the configuration or --list-id gives%s; mend it there, or'
                  ' SELECT patchmail.add_project(''LINKNAME'', ''NAME'', %L, ''ADDRESS'')', named, likes, named);
END
$$;
COMMENT ON FUNCTION patchmail.list_fault(jsonb) IS
    'For patchmaild: says what is wrong with a list id that no project has.  NULL if nothing is.';
