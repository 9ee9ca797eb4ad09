-- patchmail.rename_person(person_id, name, actor): gives a person a name that stays, whatever mail says later.
-- Takes    the person; the name, or NULL: the one that his mail gives, which may change again; the user of Patchwork in
--          whose name it is done, or NULL.
-- Gives    a row of patchmail.audit; none if nothing is different.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  public.patchwork_person; patchmail.person_name, _audit.
-- Locks    all projects, in the order of their ids; the address.
CREATE OR REPLACE FUNCTION patchmail.rename_person(person_id integer, name text, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    person public.patchwork_person := _patchmail.known_person(person_id);
    before jsonb;
    given  text := btrim(rename_person.name);
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_people(ARRAY[person.id]);
    IF length(given) > 255 OR given = '' THEN
        RAISE EXCEPTION 'a name has from 1 to 255 characters' USING ERRCODE = 'check_violation';
    END IF;
    before := _patchmail.rows_state('{}', '{}', '{}', '{}', '{}', ARRAY[person.id]);
    IF given IS NULL THEN
        DELETE FROM patchmail.person_name n WHERE n.person_id = person.id;
        given := coalesce(_patchmail.mailed_name(person.id), (_patchmail.known_person(person.id)).name);
    ELSE
        INSERT INTO patchmail.person_name (person_id, name) VALUES (person.id, given)
        ON CONFLICT ON CONSTRAINT person_name_pkey DO UPDATE SET name = excluded.name;
    END IF;
    UPDATE public.patchwork_person p SET name = given WHERE p.id = person.id;
    RETURN QUERY SELECT * FROM unnest(_patchmail.note_differences(
        'rename_person', actor, before, _patchmail.rows_state('{}', '{}', '{}', '{}', '{}', ARRAY[person.id])));
END
$$;
COMMENT ON FUNCTION patchmail.rename_person IS
    'Gives a person a name that stays, whatever mail says later; with NULL the one that mail gives.';
