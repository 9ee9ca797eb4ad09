-- _patchmail.series_url(base_url, linkname, series_id): the address of a series' page: the list of its patches.
CREATE OR REPLACE FUNCTION _patchmail.series_url(base_url text, linkname text, series_id integer)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN format('%s/project/%s/list/?series=%s', base_url, _patchmail.url_quote(linkname), series_id);
END
$$;
