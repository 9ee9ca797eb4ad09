-- patchmail.from_patchwork(date): the instant that Patchwork means by what stands in a column of a mail.
-- Rules    The reverse of patchmail.to_patchwork; but of the hour that is left out where clocks are put forward the
--          columns do not tell: it comes back as the next one.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.from_patchwork(date timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN patchmail.time_zone() = 'UTC' THEN $1
                ELSE ($1 AT TIME ZONE patchmail.time_zone()) AT TIME ZONE 'UTC' END
$$;
