-- _patchmail.revision_table(): Patchwork's own table of which series replaces which, where it has one.
-- Gives    the table, of which from_series_id replaces to_series_id; NULL for none.
-- Why      Patchwork has none in any release.  Two changes that were proposed for it add one, each a many-to-many field
--          of a series: "supersedes" and "previous_series".  Which migration brings it nobody can know, so it is known
--          by its name and its columns.  A table that wants more than these two columns is another one.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.revision_table()
RETURNS regclass LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
        SELECT t.id
          FROM (VALUES (1, to_regclass('public.patchwork_series_supersedes')),
                       (2, to_regclass('public.patchwork_series_previous_series'))) t (choice, id)
         WHERE t.id IS NOT NULL
           AND (SELECT count(*) FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = t.id AND a.attname IN ('from_series_id', 'to_series_id') AND NOT a.attisdropped
                   AND a.atttypid IN ('integer'::regtype, 'bigint'::regtype)) = 2
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                            WHERE a.attrelid = t.id AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
                              AND NOT a.atthasdef AND a.attidentity = ''
                              AND a.attname NOT IN ('from_series_id', 'to_series_id'))
         ORDER BY t.choice LIMIT 1);
END
$$;
