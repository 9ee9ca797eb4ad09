-- _patchmail.series_minor(series_id): 1 of a series of version 5.1, 0 of most.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_minor(series_id integer)
RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT max(m.minor) FROM patchmail.message m WHERE m.series_id = $1 AND m.minor > 0), 0);
$$;
