-- _patchmail.check_ids(ids, what): refuses a list of ids that names nothing.
-- Takes    the list as a caller gave it, and what the ids are of, for the error.
-- Gives    each id once, in order.
-- Errors   invalid_parameter_value.
CREATE OR REPLACE FUNCTION _patchmail.check_ids(ids integer[], what text)
RETURNS integer[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RAISE EXCEPTION 'no % is given', what USING ERRCODE = 'invalid_parameter_value';
    ELSIF array_position(ids, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'the id of a % is NULL', what USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ARRAY(SELECT DISTINCT i FROM unnest(ids) i ORDER BY i);
END
$$;
