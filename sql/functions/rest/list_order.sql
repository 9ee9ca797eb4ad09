-- _patchmail.list_order(wanted, orders, default_order, strict): the order of a list as SQL.
-- Takes    names, separated by commas, with - before those that go down; the expressions that stand for them; the order
--          for none; whether an unknown name is an error, or passed over as in Patchwork.
-- Gives    expressions for ORDER BY; rows that are equal in them go by id, in the direction of the last.
CREATE OR REPLACE FUNCTION _patchmail.list_order(wanted text, orders jsonb, default_order text, strict boolean)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    names text[] := ARRAY(SELECT btrim(n) FROM string_to_table(wanted, ',') n WHERE btrim(n) <> '');
    wrong text := (SELECT n FROM unnest(names) n WHERE NOT orders ? ltrim(n, '-') LIMIT 1);
BEGIN
    IF wrong IS NOT NULL AND strict THEN
        RAISE EXCEPTION 'order is one of %, with - before it to go down, not "%"',
                        (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(orders) k), wrong
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    names := coalesce((SELECT array_agg(n ORDER BY i) FROM unnest(names) WITH ORDINALITY u (n, i)
                        WHERE orders ? ltrim(n, '-')), ARRAY[default_order]);
    RETURN (SELECT string_agg(format('%s%s', orders->>ltrim(n, '-'), CASE WHEN n LIKE '-%' THEN ' DESC' END), ', '
                              ORDER BY i) FROM unnest(names) WITH ORDINALITY u (n, i))
        || ', x.id' || CASE WHEN names[cardinality(names)] LIKE '-%' THEN ' DESC' ELSE '' END;
END
$$;
