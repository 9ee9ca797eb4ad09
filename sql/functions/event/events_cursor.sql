-- patchmail.events_cursor(): where to begin with patchmail.events_after() if only what comes from now on matters.
-- Gives    the position of the newest event; 0 if there is none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.events_cursor()
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT greatest(max(o.position), 0) FROM patchmail.event_order o;
$$;
COMMENT ON FUNCTION patchmail.events_cursor IS
    'The position of the newest event: where events_after() begins if only what comes from now on matters.';
