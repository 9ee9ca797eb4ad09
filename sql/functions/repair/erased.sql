-- _patchmail.erased(text, patterns, stand_in): a text without somebody's name and address.
-- Takes    it; what _patchmail.erasure_patterns gives; and the name that stands in for his.
-- Gives    the text with that name, or that name under forgotten.invalid, where one of the patterns is found.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.erased(text text, patterns text[], stand_in text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace($1,
               $2[1], $3 || ' <' || $3 || '@forgotten.invalid>', 'gi'),
               $2[2], $3 || '@forgotten.invalid', 'gi'),
               $2[3], $3, 'gi');
$$;
