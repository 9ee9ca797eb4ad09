-- _patchmail.check_entry(check_id, base_url): the document of a check, which lists have too.
-- Gives    every key in its order; NULL if there is no such check.
CREATE OR REPLACE FUNCTION _patchmail.check_entry(check_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', c.id,
                       'url', format('%s/api/patches/%s/checks/%s/', base_url, c.patch_id, c.id),
                       'user', _patchmail.user_part(c.user_id, base_url, p.project_id),
                       'date', _patchmail.json_date(c.date),
                       'state', _patchmail.check_state(c.state),
                       'target_url', c.target_url,
                       'context', c.context,
                       'description', c.description)
              FROM public.patchwork_check c JOIN public.patchwork_patch p ON p.id = c.patch_id WHERE c.id = $1);
END
$$;
