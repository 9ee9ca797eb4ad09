-- _patchmail.check_part(check_id, base_url): a check as it stands in the REST documents of events.
CREATE OR REPLACE FUNCTION _patchmail.check_part(check_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', c.id,
                       'url', format('%s/api/patches/%s/checks/%s/', base_url, c.patch_id, c.id),
                       'date', _patchmail.json_date(c.date),
                       'state', _patchmail.check_state(c.state),
                       'target_url', c.target_url,
                       'context', c.context)
              FROM public.patchwork_check c WHERE c.id = $1);
END
$$;
