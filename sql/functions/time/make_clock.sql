-- _patchmail.make_clock(): makes the functions that turn our time into Patchwork's and back, as patchmail.setting says.
--          _patchmail.to_patchwork(instant): what Patchwork would write into a column of mail for this instant;
--          _patchmail.from_patchwork(date): the reverse, the instant that it means by what stands there;
--          _patchmail.patchwork_time(instant): what it would write for something that happens at this instant.
-- Why      Patchwork runs without time zones (USE_TZ = False): it writes the date of a mail as it is in UTC, without a
--          zone, and PostgreSQL takes that for the time of Patchwork's TIME_ZONE.  With Australia/Canberra, its
--          default, noon UTC stands there as 02:00Z or 01:00Z, and Patchwork, which reads it in the same way, shows
--          noon.
-- Rules    When clocks are put back, the hour that comes twice is the second one; when they are put forward, the hour
--          that is left out is the next one, as PostgreSQL takes what Patchwork hands it.  Of that hour the columns do
--          not show: it comes back as the next one.
-- Touches  these functions.
-- Speed    The zone is written into them, and they are inlined: if it is UTC they cost a delivery nothing.
CREATE OR REPLACE FUNCTION _patchmail.make_clock()
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone  text := coalesce((SELECT s.time_zone FROM patchmail.setting s), 'UTC');
    local boolean := coalesce((SELECT s.local_clock FROM patchmail.setting s), false);
    same  CONSTANT text := 'SELECT $1';
    there text := CASE WHEN zone = 'UTC' THEN same
                       ELSE format('SELECT ($1 AT TIME ZONE ''UTC'') AT TIME ZONE %L', zone) END;
    back  text := CASE WHEN zone = 'UTC' THEN same
                       ELSE format('SELECT ($1 AT TIME ZONE %L) AT TIME ZONE ''UTC''', zone) END;
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION _patchmail.to_patchwork(instant timestamptz) '
                   'RETURNS timestamptz LANGUAGE sql IMMUTABLE AS %L', there);
    EXECUTE format('CREATE OR REPLACE FUNCTION _patchmail.from_patchwork(date timestamptz) '
                   'RETURNS timestamptz LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS %L', back);
    EXECUTE format('CREATE OR REPLACE FUNCTION _patchmail.patchwork_time(instant timestamptz) '
                   'RETURNS timestamptz LANGUAGE sql IMMUTABLE AS %L', CASE WHEN local THEN same ELSE there END);
END
$$;
SELECT _patchmail.make_clock() AS patchmail_made \gset
