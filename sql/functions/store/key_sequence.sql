-- _patchmail.key_sequence(key_name): finds the sequence that fills the key of one of the tables.
-- Takes    the name of the key's constraint, in Patchwork's tables or ours.
-- Gives    in words, what an admin has to do if the sequence is behind the rows; NULL if the key is not a single column
--          that a sequence fills.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.key_sequence(key_name text)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('sequence %s is behind the rows of %s: SELECT setval(%L, (SELECT max(%I) FROM %s))',
                  c.sequence, c.relation, c.sequence, c.key_column, c.relation)
      FROM pg_constraint k
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND ARRAY[a.attnum] = k.conkey
      JOIN _patchmail.key_columns() c ON c.relation = a.attrelid AND c.key_column = a.attname
     WHERE k.conname = $1 LIMIT 1;
$$;
