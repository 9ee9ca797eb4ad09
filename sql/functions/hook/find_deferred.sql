-- _patchmail.find_deferred(hook, positions): the events that are set aside for a hook and that an admin names.
-- Takes    the hook's name; their positions, NULL for all that are dead.
-- Gives    the rows, in the order of their positions; an error in words if one is not set aside.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.find_deferred(hook text, positions bigint[])
RETURNS SETOF patchmail.deferred_event LANGUAGE plpgsql STABLE AS $$
DECLARE
    wrong bigint[] := ARRAY(SELECT w.position FROM unnest(positions) w (position)
                             WHERE NOT EXISTS (SELECT FROM patchmail.deferred_event d
                                                WHERE d.hook = find_deferred.hook AND d.position = w.position));
BEGIN
    IF positions = '{}' THEN
        RAISE EXCEPTION 'no position is given' USING ERRCODE = 'invalid_parameter_value';
    ELSIF wrong <> '{}' THEN
        RAISE EXCEPTION 'hook "%" has no event set aside at position %', hook, coalesce(wrong[1]::text, 'NULL')
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN QUERY SELECT d.* FROM patchmail.deferred_event d
                  WHERE d.hook = find_deferred.hook
                    AND CASE WHEN positions IS NULL THEN d.dead ELSE d.position = ANY (positions) END
                  ORDER BY d.position;
END
$$;
