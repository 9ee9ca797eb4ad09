-- _patchmail.event_entry(event_id, base_url): the document of an event, which lists have.
-- Gives    every key in its order; NULL if there is no such event.
CREATE OR REPLACE FUNCTION _patchmail.event_entry(event_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
                       'id', e.id,
                       'category', e.category,
                       'project', _patchmail.project_part(e.project_id, base_url),
                       'date', _patchmail.json_date(e.date),
                       'actor', _patchmail.user_part(e.actor_id, base_url, e.project_id),
                       'payload', _patchmail.event_payload(e, base_url))
              FROM public.patchwork_event e WHERE e.id = $1);
END
$$;
