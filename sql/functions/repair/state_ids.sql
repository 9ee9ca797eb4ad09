-- _patchmail.state_ids(slugs): states by their slugs.
-- Takes    slugs, or NULL for the states that require action.
-- Gives    their ids; an error in words if one is not there, or none is given.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.state_ids(slugs text[])
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    absent text := (SELECT min(coalesce(u, 'NULL')) FROM unnest(slugs) u
                     WHERE NOT EXISTS (SELECT FROM public.patchwork_state s WHERE s.slug::text = u));
BEGIN
    IF slugs = '{}' THEN
        RAISE EXCEPTION 'which state is meant is not given' USING ERRCODE = 'invalid_parameter_value';
    ELSIF absent IS NOT NULL THEN
        RAISE EXCEPTION 'there is no state "%": the states are %', absent,
            (SELECT string_agg(s.slug, ', ' ORDER BY s.ordering) FROM public.patchwork_state s)
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN ARRAY(SELECT s.id FROM public.patchwork_state s
                  WHERE CASE WHEN slugs IS NULL THEN s.action_required ELSE s.slug::text = ANY (slugs) END
                  ORDER BY s.id);
END
$$;
