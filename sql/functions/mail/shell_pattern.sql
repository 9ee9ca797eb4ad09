-- _patchmail.shell_pattern(pattern): a shell pattern (*, ?, [abc], [!abc]) as an anchored regular expression.
-- As in Patchwork's delegation rules, * matches / as well.
CREATE OR REPLACE FUNCTION _patchmail.shell_pattern(pattern text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT '^' || coalesce(string_agg(
               CASE WHEN piece = '*' THEN '.*'
                    WHEN piece = '?' THEN '.'
                    WHEN piece ~ '^\[.+\]$' THEN
                        regexp_replace(regexp_replace(piece, '[\\^]', '\\\&', 'g'), '^\[!', '[^')
                    ELSE regexp_replace(piece, '\W', '\\\&')
               END, '' ORDER BY n), '') || '$'
      FROM regexp_matches(pattern, '\[!?[^]]+\]|[\s\S]', 'g') WITH ORDINALITY m(match, n),
           LATERAL (SELECT match[1]) p(piece);
$$;
