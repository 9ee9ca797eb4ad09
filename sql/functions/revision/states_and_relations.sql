-- _patchmail.states_and_relations(project_id): what policies change of the patches of a project.
-- Gives    an object with a key for each patch, its id, and for each its state and the relation that it is in.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.states_and_relations(project_id integer)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_object_agg(p.id, jsonb_build_object('state', s.slug, 'relation', p.related_id)), '{}')
      FROM public.patchwork_patch p LEFT JOIN public.patchwork_state s ON s.id = p.state_id
     WHERE p.project_id = $1;
$$;
