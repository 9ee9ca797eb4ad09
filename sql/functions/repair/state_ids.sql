-- _patchmail.state_ids(names): states by their slugs or names.
-- Takes    these, or NULL for the states that require action.
-- Gives    their ids; an error in words if one is not there, or none is given.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.state_ids(names text[])
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF names = '{}' THEN
        RAISE EXCEPTION 'which state is meant is not given' USING ERRCODE = 'invalid_parameter_value';
    ELSIF names IS NULL THEN
        RETURN ARRAY(SELECT s.id FROM public.patchwork_state s WHERE s.action_required ORDER BY s.id);
    END IF;
    RETURN ARRAY(SELECT _patchmail.find_state_named(coalesce(n, 'NULL')) FROM unnest(names) n);
END
$$;
