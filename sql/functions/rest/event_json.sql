-- patchmail.event_json(event_id, base_url): an event as Patchwork's REST API gives it, in lists alone.
-- Takes    the event; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such event.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.event_json(event_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.event_entry(event_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.event_json IS
    'An event as it stands in the lists of Patchwork''s REST API.  base_url is the address of its site.';
