-- _patchmail.person_part(person_id, base_url): a person as it stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.person_part(person_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', s.id,
                       'url', format('%s/api/people/%s/', base_url, s.id),
                       'name', s.name,
                       'email', s.email)
              FROM public.patchwork_person s WHERE s.id = $1);
END
$$;
