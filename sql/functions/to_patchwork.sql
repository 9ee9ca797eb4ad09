-- patchmail.to_patchwork(instant): what Patchwork would write into a column for this instant.
-- Why      Patchwork runs without time zones (USE_TZ = False): it writes the date of a mail as it is in UTC, without a
--          zone, and PostgreSQL takes that for the time of Patchwork's TIME_ZONE.  With Australia/Canberra its default,
--          noon UTC stands there as 02:00Z or 01:00Z, and Patchwork, which reads it in the same way, shows noon.
-- Rules    Where clocks are put back, the hour that comes twice is the second one; where they are put forward, the hour
--          that is left out is the next one, as PostgreSQL takes what Patchwork hands it.
-- Touches  nothing.
-- Speed    Inlined; nothing but its argument where the zone is UTC.
CREATE OR REPLACE FUNCTION patchmail.to_patchwork(instant timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN patchmail.time_zone() = 'UTC' THEN $1
                ELSE ($1 AT TIME ZONE 'UTC') AT TIME ZONE patchmail.time_zone() END
$$;
