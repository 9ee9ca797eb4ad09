-- _patchmail.key_sequence(key_name): finds the sequence that fills the key of one of the tables.
-- Takes    the name of the key's constraint, in Patchwork's tables or ours.
-- Gives    in words, what an admin has to do if the sequence is behind the rows; NULL if the key is not a single column
--          that a sequence fills.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.key_sequence(key_name text)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('sequence %s is behind the rows of %s: SELECT setval(%L, (SELECT max(%I) FROM %s))',
                  s.oid::regclass, a.attrelid::regclass, s.oid::regclass, a.attname, a.attrelid::regclass)
      FROM pg_constraint k
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND ARRAY[a.attnum] = k.conkey
      JOIN pg_depend d  -- the sequence belongs to the column, or the column's default names it
        ON d.classid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
           AND d.refclassid = 'pg_class'::regclass
        OR d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
           AND d.objid = (SELECT f.oid FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum)
      JOIN pg_class s ON s.oid = CASE d.classid WHEN 'pg_class'::regclass THEN d.objid ELSE d.refobjid END
     WHERE k.conname = $1 AND k.contype IN ('p', 'u') AND s.relkind = 'S'
       AND k.connamespace IN ('public'::regnamespace, 'patchmail'::regnamespace)
     LIMIT 1;
$$;
