-- _patchmail.key_columns(): the keys in Patchwork's tables and ours that a sequence fills.
-- Gives    of each the table, the column and the sequence.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.key_columns()
RETURNS TABLE (relation regclass, key_column name, sequence regclass) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT a.attrelid::regclass, a.attname, s.oid::regclass
      FROM pg_constraint k
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND ARRAY[a.attnum] = k.conkey
      JOIN pg_depend d  -- the sequence belongs to the column, or the column's default names it
        ON d.classid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
           AND d.refclassid = 'pg_class'::regclass
        OR d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
           AND d.objid = (SELECT f.oid FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum)
      JOIN pg_class s ON s.oid = CASE d.classid WHEN 'pg_class'::regclass THEN d.objid ELSE d.refobjid END
     WHERE k.contype IN ('p', 'u') AND s.relkind = 'S'
       AND k.connamespace IN ('public'::regnamespace, 'patchmail'::regnamespace);
$$;
