-- _patchmail.list_condition(rule, column_name, name, values): a filter of a list as a condition of SQL.
-- Takes    the rule and the column of _patchmail.list_rules; the name of the filter and its values, of which projects,
--          people and other rows may be several, and of others the last counts; a value may have several categories,
--          with commas between them.
-- Gives    the condition, in which each value is quoted; NULL for an empty one that asks for nothing; an error in words
--          if a value is wrong.
CREATE OR REPLACE FUNCTION _patchmail.list_condition(rule text, column_name text, name text, "values" text[])
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    value text := "values"[cardinality("values")];
    parts text[] := CASE rule WHEN 'category' THEN string_to_array(value, ',') ELSE ARRAY[value] END;
    ids   integer[] := '{}';
    valid text[] := CASE rule WHEN 'boolean' THEN '{true,false}'::text[]
                              WHEN 'check' THEN '{pending,success,warning,fail,0,1,2,3}'::text[]
                              WHEN 'category' THEN _patchmail.event_categories() END;
BEGIN
    IF rule = 'led series' THEN
        RETURN column_name || ' IN (SELECT s.cover_letter_id FROM public.patchwork_series s WHERE '
            || _patchmail.list_condition('series', 's.id', name, "values") || ')';
    ELSIF rule IN ('project', 'person', 'user', 'state', 'series', 'patch', 'cover') THEN
        FOREACH value IN ARRAY "values" LOOP
            ids := ids || _patchmail.filter_ids(rule, name, value);
        END LOOP;
        RETURN CASE cardinality(ids) WHEN 0 THEN NULL WHEN 1 THEN format('%s = %s', column_name, ids[1])
                                     ELSE format('%s = ANY (%L::integer[])', column_name, ids) END;
    ELSIF value = '' OR value IS NULL THEN
        RETURN NULL;
    ELSIF NOT lower(parts::text)::text[] <@ valid THEN
        RAISE EXCEPTION '% is one of %, not "%"', name, array_to_string(valid, ', '), value
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN CASE rule
        WHEN 'since' THEN format('%s >= %L::timestamptz', column_name, _patchmail.filter_time(name, value))
        WHEN 'before' THEN format('%s < %L::timestamptz', column_name, _patchmail.filter_time(name, value))
        WHEN 'msgid' THEN format('%s = %L', column_name, '<' || btrim(value, '<>') || '>')
        WHEN 'hash' THEN format('%s = %L', column_name, lower(value))
        WHEN 'category' THEN format('%s = ANY (%L::text[])', column_name, lower(parts::text))
        WHEN 'check' THEN format('%s = %s', column_name, (array_position(valid, lower(value)) - 1) % 4)
        ELSE format('%s = %L', column_name, CASE rule WHEN 'text' THEN value ELSE lower(value) END)
    END;
END
$$;
