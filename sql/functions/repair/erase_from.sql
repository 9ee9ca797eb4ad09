-- _patchmail.erase_from(relation, patterns, stand_in): takes somebody's name and address out of the texts of a table.
-- Takes    the table; the others as _patchmail.erased.
-- Gives    how many rows it has changed.
-- Rules    All its columns of text and JSON are looked at, but for Message-IDs, diffs, and what this function itself
--          may not change: keys.
-- Touches  the table.
CREATE OR REPLACE FUNCTION _patchmail.erase_from(relation regclass, patterns text[], stand_in text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changes text;
    found   text;
    rows    bigint;
BEGIN
    SELECT string_agg(format('%1$I = _patchmail.erased(x.%1$I::text, $1, $2)::%2$s', a.attname,
                             format_type(a.atttypid, a.atttypmod)), ', '),
           string_agg(format('x.%I::text ~* $3', a.attname), ' OR ')
      INTO changes, found
      FROM pg_attribute a
     WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
       AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype)
       AND a.attname <> ALL ('{msgid,last_msgid,diff,hash,sha256,email,alias,source}');
    EXECUTE format('UPDATE %s x SET %s WHERE %s', relation, changes, found)
      USING patterns, stand_in, array_to_string(patterns, '|');
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN rows;
END
$$;
