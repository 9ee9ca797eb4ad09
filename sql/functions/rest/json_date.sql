-- _patchmail.json_date(instant): what stands in a column as Patchwork's REST API shows it: without a zone, with
-- microseconds if there are any.  That is UTC, whatever Patchwork's TIME_ZONE is (_patchmail.make_clock).
CREATE OR REPLACE FUNCTION _patchmail.json_date(instant timestamptz)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    utc CONSTANT timestamp := _patchmail.from_patchwork(instant) AT TIME ZONE 'UTC';
BEGIN
    RETURN to_char(utc, CASE WHEN utc = date_trunc('second', utc) THEN 'YYYY-MM-DD"T"HH24:MI:SS'
                             ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US' END);
END
$$;
