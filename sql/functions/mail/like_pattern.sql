-- _patchmail.like_pattern(pattern): a shell pattern (*, ?) as a pattern of LIKE, which is compared much faster.
-- Gives    NULL if only a regular expression says the same: for a pattern with [.
CREATE OR REPLACE FUNCTION _patchmail.like_pattern(pattern text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE WHEN strpos(pattern, '[') = 0
                THEN translate(regexp_replace(pattern, '[\\%_]', '\\\&', 'g'), '*?', '%_') END;
$$;
