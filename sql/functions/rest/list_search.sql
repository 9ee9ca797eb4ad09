-- _patchmail.list_search(q, searched): a search in a list as a condition of SQL.
-- Takes    words, separated by blanks or commas; the columns in which they are looked for.
-- Gives    that each word occurs in one of the columns, ignoring case; NULL if there are no words or columns.
CREATE OR REPLACE FUNCTION _patchmail.list_search(q text, searched text[])
RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(w.condition, ' AND ')
      FROM (SELECT '(' || string_agg(format('%s ILIKE %L', c, '%' || regexp_replace(t, '[\\%_]', '\\\&', 'g') || '%'),
                                     ' OR ') || ')'
              FROM regexp_split_to_table(q, '[\s,]+') WITH ORDINALITY t (t, n), unnest(searched) c
             WHERE t <> '' GROUP BY n) w (condition);
$$;
