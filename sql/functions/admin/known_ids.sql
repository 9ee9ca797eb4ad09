-- _patchmail.known_ids(what, ids): ids that somebody gave, each once.
-- Takes    'patch' or 'series', and the ids.
-- Gives    them in order; an error in words if there are none, one is NULL, or there is no such row.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.known_ids(what text, ids integer[])
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    known  integer[] := CASE what WHEN 'patch' THEN ARRAY(SELECT p.id FROM public.patchwork_patch p
                                                          WHERE p.id = ANY (ids) ORDER BY p.id)
                                  ELSE ARRAY(SELECT s.id FROM public.patchwork_series s
                                              WHERE s.id = ANY (ids) ORDER BY s.id) END;
    absent integer := (SELECT min(u) FROM unnest(ids) u WHERE u <> ALL (known));
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 OR array_position(ids, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'which % is meant is not given', what USING ERRCODE = 'invalid_parameter_value';
    ELSIF absent IS NOT NULL THEN
        RAISE EXCEPTION 'there is no % %', what, absent USING ERRCODE = 'no_data_found';
    END IF;
    RETURN known;
END
$$;
