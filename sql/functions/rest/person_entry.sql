-- _patchmail.person_entry(person_id, base_url): the document of a person, which lists have too.
-- Gives    every key in its order; NULL if there is no such person.
CREATE OR REPLACE FUNCTION _patchmail.person_entry(person_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT _patchmail.json_join(_patchmail.person_part(s.id, base_url),
                                        json_build_object('user', _patchmail.user_part(s.user_id, base_url)))
              FROM public.patchwork_person s WHERE s.id = $1);
END
$$;
