-- _patchmail.list_page(kind, filter, strict, condition): the ids of one page of a list.
-- Takes    the kind of the list (_patchmail.list_rules); what it is narrowed to (_patchmail.read_filter), with order,
--          page and per_page; a condition that the list has by itself.
-- Gives    the ids, in their order: by default the first 30, at most 250.
-- Rules    A filter that the list does not have is passed over, as in Patchwork.  A wrong value is an error in words if
--          strict; else it is what it is in Patchwork: the list is empty for it, or if it is about true and false, the
--          order or the length of a page, goes without it.  A page past the end is an error in both.
-- Speed    One statement finds the ids; documents are made of these alone.
CREATE OR REPLACE FUNCTION _patchmail.list_page(kind text, filter text, strict boolean, condition text DEFAULT NULL)
RETURNS integer[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rules      record := _patchmail.shown_rules(kind);
    wanted     jsonb := _patchmail.read_filter(filter);
    conditions text[] := ARRAY[condition];
    page       text := wanted->'page'->>-1;
    length     text := wanted->'per_page'->>-1;
    total      bigint;
    ids        integer[];
BEGIN
    conditions := conditions || _patchmail.list_conditions(kind, wanted, strict IS NOT FALSE);
    IF 'false' = ANY (conditions) THEN
        RETURN '{}';
    END IF;
    conditions := array_remove(conditions || _patchmail.list_search(wanted->'q'->>-1, rules.searched), NULL);
    IF length !~ '^0*[1-9]\d*$' THEN
        IF strict IS NOT FALSE THEN
            RAISE EXCEPTION 'per_page has to be a number from 1, not "%"', length
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        length := NULL;
    END IF;
    length := least(coalesce(length, '30')::numeric, 250);
    IF page = 'last' THEN
        EXECUTE format('SELECT count(*) FROM %s x WHERE %s', rules.relation,
                       coalesce(nullif(array_to_string(conditions, ' AND '), ''), 'true')) INTO total;
        page := greatest(ceil(total / length::numeric), 1);
    END IF;
    IF page !~ '^0*[1-9]\d{0,15}$' THEN
        RAISE EXCEPTION 'Invalid page: it has to be a number from 1, or "last", not "%"', page
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('SELECT ARRAY(SELECT x.id FROM %s x WHERE %s ORDER BY %s LIMIT %s OFFSET %s)', rules.relation,
                   coalesce(nullif(array_to_string(conditions, ' AND '), ''), 'true'),
                   _patchmail.list_order(wanted->'order'->>-1, rules.orders, rules.default_order,
                                          strict IS NOT FALSE),
                   length, (coalesce(page, '1')::numeric - 1) * length::numeric) INTO ids;
    IF ids = '{}' AND page::numeric > 1 THEN
        RAISE EXCEPTION 'Invalid page: the list ends before page %', page USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ids;
END
$$;
