-- _patchmail.find_state_named(name): the id of a state by its slug, or by its name ignoring case.
-- Errors   check_violation if there is none, with all that there are.
CREATE OR REPLACE FUNCTION _patchmail.find_state_named(name text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    id integer := (SELECT s.id FROM public.patchwork_state s
                    WHERE s.slug::text IN (lower(find_state_named.name), _patchmail.slug(find_state_named.name))
                       OR lower(s.name) = lower(find_state_named.name)
                    ORDER BY s.slug::text = lower(find_state_named.name) DESC, s.ordering LIMIT 1);
BEGIN
    IF id IS NULL THEN
        RAISE EXCEPTION 'there is no state "%": they are %', name,
            (SELECT string_agg(s.slug, ', ' ORDER BY s.ordering) FROM public.patchwork_state s)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN id;
END
$$;
