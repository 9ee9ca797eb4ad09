-- _patchmail.name_prefixes(name): the prefixes in the stored name of a patch.
-- Takes    "[p1,p2] title", or a title alone.
-- Gives    a list of the words in the leading groups of brackets without PATCH; [] for none.
CREATE OR REPLACE FUNCTION _patchmail.name_prefixes(name text)
RETURNS json LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(json_agg(m.word[1] ORDER BY m.n) FILTER (WHERE lower(m.word[1] COLLATE "C") <> 'patch'), '[]')
      FROM regexp_matches(substring(name FROM '^(?:\s*\[[^]]*\])+'), '[^][,\s]+', 'g') WITH ORDINALITY m (word, n);
$$;
