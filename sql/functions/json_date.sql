-- patchmail.json_date(instant): an instant as Patchwork's REST API shows it: in UTC, without a zone, to the second.
CREATE OR REPLACE FUNCTION patchmail.json_date(instant timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS');
$$;
