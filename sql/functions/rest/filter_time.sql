-- _patchmail.filter_time(name, value): the instant that a filter names, as it stands in Patchwork's columns.
-- Takes    the name of the filter; a date with a time as ISO 8601 has it, in UTC if it has no zone.
-- Gives    the instant; an error in words if the value is no such time.
CREATE OR REPLACE FUNCTION _patchmail.filter_time(name text, value text)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF value ~ '^\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?$' THEN
        RETURN _patchmail.to_patchwork(value::timestamptz);
    END IF;
    RAISE invalid_datetime_format;
EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow OR invalid_time_zone_displacement_value THEN
    RAISE EXCEPTION '% has to be a time such as 2026-02-01T12:00:00, not "%"', name, value
        USING ERRCODE = 'invalid_parameter_value';
END
$$;
