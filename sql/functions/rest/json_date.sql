-- _patchmail.json_date(instant): what stands in a column as Patchwork's REST API shows it: without a zone, to the
-- second.  That is UTC, whatever Patchwork's TIME_ZONE is (_patchmail.make_clock).
CREATE OR REPLACE FUNCTION _patchmail.json_date(instant timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_char(_patchmail.from_patchwork(instant) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS');
$$;
