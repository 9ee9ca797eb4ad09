-- _patchmail.list_conditions(kind, wanted, strict): what the rows of a list have to be.
-- Takes    the kind of the list (_patchmail.list_rules), what it is narrowed to (_patchmail.read_filter), and whether a
--          wrong value is an error.
-- Gives    conditions of SQL on the row x.
-- Rules    A filter that the list does not have is passed over, as in Patchwork.  A wrong value is an error in words if
--          strict; else it is what it is in Patchwork: nothing is found, and one of true and false is passed over.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.list_conditions(kind text, wanted jsonb, strict boolean)
RETURNS text[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    conditions text[] := '{}';
    wish       record;
BEGIN
    FOR wish IN SELECT w.key, w.value, f.value->>0 AS rule, f.value->>1 AS column_name
                  FROM jsonb_each(wanted) w JOIN jsonb_each((_patchmail.list_rules(kind)).filters) f USING (key)
    LOOP
        BEGIN
            conditions := conditions || _patchmail.list_condition(
                wish.rule, wish.column_name, wish.key, ARRAY(SELECT jsonb_array_elements_text(wish.value)));
        EXCEPTION WHEN invalid_parameter_value THEN
            IF strict THEN
                RAISE;
            ELSIF wish.rule <> 'boolean' THEN
                conditions := conditions || text 'false';
            END IF;
        END;
    END LOOP;
    RETURN array_remove(conditions, NULL);
END
$$;
