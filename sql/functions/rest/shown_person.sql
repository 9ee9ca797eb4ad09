-- _patchmail.shown_person(person_id, project_id): the name and the address of a person, as whoever is connected may see
-- them.
-- Takes    the person; the project that is shown, or NULL.
-- Gives    NULL for an address that is hidden; in a name, "(hidden)" in the place of each.  NULLs for no such person.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.shown_person(person_id integer, project_id integer, OUT name text, OUT email text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    SELECT p.name, p.email INTO name, email FROM public.patchwork_person p WHERE p.id = person_id;
    IF _patchmail.hides_person(person_id, project_id) THEN
        name := regexp_replace(name, '[^\s<>"(),;:]*@[^\s<>"(),;:]*', '(hidden)', 'g');
        email := NULL;
    END IF;
END
$$;
