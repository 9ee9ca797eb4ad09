-- patchmail.add_state(name, ordering, action_required, slug, actor): makes a state that patches can have.
-- Takes    ordering: its place among the states, NULL for the last; that of ordering 0 is the state of new patches.
--          action_required: whether a patch in it is still to be worked on.  slug: its name in addresses and in the
--          REST API, NULL to make that of the name.
-- Gives    the row of patchmail.audit, with the new id.
-- Errors   check_violation.
-- Touches  public.patchwork_state; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.add_state(name text, ordering integer DEFAULT NULL,
                                               action_required boolean DEFAULT true, slug text DEFAULT NULL,
                                               actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    given    jsonb;
    wrong    text;
    state_id integer;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    given := _patchmail.check_change(
        jsonb_build_object('name', name, 'slug', coalesce(slug, _patchmail.slug(name)),
                           'ordering', coalesce(ordering, (SELECT max(s.ordering) + 1 FROM public.patchwork_state s),
                                                0),
                           'action_required', action_required),
        '{"name": "string 100", "slug": "string 100", "ordering": "number", "action_required": "boolean"}');
    wrong := CASE
        WHEN given->>'name' = '' THEN 'the name is empty'
        WHEN given->>'slug' !~ '^[-a-zA-Z0-9_]+$' THEN
            format('slug "%s" is not one: letters, digits, - and _', given->>'slug')
        ELSE (SELECT format('there is a state "%s" already, with slug %s and ordering %s', s.name, s.slug, s.ordering)
                FROM public.patchwork_state s
               WHERE lower(s.name) = lower(given->>'name') OR lower(s.slug) = lower(given->>'slug')
                  OR s.ordering = (given->>'ordering')::integer
               ORDER BY s.ordering LIMIT 1)
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.patchwork_state AS s (name, slug, ordering, action_required)
    VALUES (given->>'name', given->>'slug', (given->>'ordering')::integer, (given->>'action_required')::boolean)
    RETURNING s.id INTO state_id;
    RETURN NEXT _patchmail.note_change('add_state', actor, NULL, 'state', state_id, NULL, given);
END
$$;
COMMENT ON FUNCTION patchmail.add_state IS
    'Makes a state that patches can have.';
