-- _patchmail.broken_links(): rows that refer to a row that is gone.
-- Gives    of each the table, its id if it has one, and what it refers to.
-- Why      foreign keys forbid it; but a restore, or a replica, may pass them over.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.broken_links()
RETURNS TABLE (relation regclass, id bigint, target regclass, value bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    link record;
BEGIN
    FOR link IN
        SELECT k.conrelid::regclass AS relation, k.confrelid::regclass AS target, a.attname AS held, f.attname AS given,
               CASE WHEN EXISTS (SELECT FROM pg_attribute i WHERE i.attrelid = k.conrelid AND i.attname = 'id')
                    THEN 'o.id::bigint' ELSE 'NULL::bigint' END AS id
          FROM pg_constraint k
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND ARRAY[a.attnum] = k.conkey
          JOIN pg_attribute f ON f.attrelid = k.confrelid AND ARRAY[f.attnum] = k.confkey
          JOIN pg_class r ON r.oid = k.conrelid
         WHERE k.contype = 'f' AND f.atttypid IN ('integer'::regtype, 'bigint'::regtype)
           AND (r.relnamespace = 'patchmail'::regnamespace
                OR r.relnamespace = 'public'::regnamespace AND r.relname ~ '^(auth|authtoken|patchwork)_')
         ORDER BY r.relname, a.attnum
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT %L::regclass, %s, %L::regclass, o.%I::bigint FROM %s o WHERE o.%I IS NOT NULL '
            'AND NOT EXISTS (SELECT FROM %s t WHERE t.%I = o.%I)', link.relation, link.id, link.target, link.held,
            link.relation, link.held, link.target, link.given, link.held);
    END LOOP;
END
$$;
