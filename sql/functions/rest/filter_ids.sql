-- _patchmail.filter_ids(rule, name, value): the ids that a value of a filter stands for.
-- Takes    what it names (a project, person, user, state, series, patch or cover); the name of the filter; the value,
--          an id or, ignoring case, a linkname, an address, a user name or a slug.
-- Gives    the ids, nearly always one; an error in words if there is none.
CREATE OR REPLACE FUNCTION _patchmail.filter_ids(rule text, name text, value text)
RETURNS integer[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted integer := CASE WHEN value ~ '^\d{1,9}$' THEN value::integer END;
    found  integer[];
BEGIN
    found := CASE
        WHEN wanted IS NULL THEN CASE rule
            WHEN 'project' THEN ARRAY(
                SELECT p.id FROM public.patchwork_project p WHERE lower(p.linkname) = lower(value))
            WHEN 'person' THEN ARRAY(
                SELECT p.id FROM public.patchwork_person p
                 WHERE upper(p.email::text COLLATE "C") = upper(value COLLATE "C")
                   AND NOT _patchmail.hides_person(p.id, NULL))
            WHEN 'user' THEN ARRAY(SELECT u.id FROM public.auth_user u WHERE lower(u.username) = lower(value))
            WHEN 'state' THEN ARRAY(
                SELECT s.id FROM public.patchwork_state s
                 WHERE lower(value) IN (s.slug, lower(s.name), replace(lower(s.name), ' ', '-')))
        END
        WHEN rule = 'project' THEN ARRAY(SELECT p.id FROM public.patchwork_project p WHERE p.id = wanted)
        WHEN rule = 'person' THEN ARRAY(SELECT p.id FROM public.patchwork_person p WHERE p.id = wanted)
        WHEN rule = 'user' THEN ARRAY(SELECT u.id FROM public.auth_user u WHERE u.id = wanted)
        WHEN rule = 'state' THEN ARRAY(SELECT s.id FROM public.patchwork_state s WHERE s.id = wanted)
        WHEN rule = 'series' THEN ARRAY(SELECT s.id FROM public.patchwork_series s WHERE s.id = wanted)
        WHEN rule = 'patch' THEN ARRAY(SELECT x.id FROM public.patchwork_patch x WHERE x.id = wanted)
        WHEN rule = 'cover' THEN ARRAY(SELECT x.id FROM public.patchwork_cover x WHERE x.id = wanted)
    END;
    IF found IS NULL THEN
        RAISE EXCEPTION '% has to be a number, not "%"', name, value USING ERRCODE = 'invalid_parameter_value';
    ELSIF found = '{}' THEN
        RAISE EXCEPTION '%: there is no % "%"', name, rule, value USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN found;
END
$$;
