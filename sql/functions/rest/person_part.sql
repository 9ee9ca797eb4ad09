-- _patchmail.person_part(person_id, base_url, project_id): a person as it stands in other REST documents.
-- Takes    the project that the document is of, or NULL: none.
-- Gives    null for an address that is hidden from whoever is connected.
CREATE OR REPLACE FUNCTION _patchmail.person_part(person_id integer, base_url text,
                                                  project_id integer DEFAULT NULL)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', s.id,
                       'url', format('%s/api/people/%s/', base_url, s.id),
                       'name', shown.name,
                       'email', shown.email)
              FROM public.patchwork_person s, _patchmail.shown_person(s.id, project_id) shown WHERE s.id = $1);
END
$$;
