-- _patchmail.known_person(id): a person.
-- Gives    the row of public.patchwork_person; an error in words if there is none, or the id is NULL.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.known_person(id integer)
RETURNS public.patchwork_person LANGUAGE plpgsql STABLE AS $$
DECLARE
    person public.patchwork_person;
BEGIN
    SELECT p.* INTO person FROM public.patchwork_person p WHERE p.id = known_person.id;
    IF id IS NULL THEN
        RAISE EXCEPTION 'which person is meant is not given' USING ERRCODE = 'invalid_parameter_value';
    ELSIF person.id IS NULL THEN
        RAISE EXCEPTION 'there is no person %', id USING ERRCODE = 'no_data_found';
    END IF;
    RETURN person;
END
$$;
