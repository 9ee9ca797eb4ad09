-- _patchmail.json_join(first, second): one object with the keys of both, in their order.
CREATE OR REPLACE FUNCTION _patchmail.json_join(first json, second json)
RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN second::text = '{}' THEN first
                ELSE (left(btrim(first::text), -1) || ', ' || substr(btrim(second::text), 2))::json END;
END
$$;
