-- _patchmail.header_date(headers): the instant that the first Date field of a stored header says.
-- Takes    a header as Patchwork stores it.
-- Gives    NULL if the field is missing or not written as RFC 5322, section 3.3 has it: then Patchwork may have taken
--          something else.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.header_date(headers text)
RETURNS timestamptz LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT make_timestamptz(f[3]::integer, (strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower(f[2])) + 2) / 3, 1,
                            f[4]::integer, f[5]::integer, coalesce(f[6], '0')::double precision, 'UTC')
           + (f[1]::integer - 1) * interval '1 day'
           - (f[7] || '1')::integer * make_interval(hours => f[8]::integer, mins => f[9]::integer)
      FROM regexp_match(substring(headers FROM '(?in)^date:.*(?:\n[ \t].*)*'),
                        '(?i)^date:\s+(?:[a-z]{3},?\s+)?(\d\d?)\s+'
                                 '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+((?:19|20)\d\d)\s+'
                                 '([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?\s+([-+])([01]\d)([0-5]\d)\M') f;
$$;
