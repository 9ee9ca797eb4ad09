-- _patchmail.plain_title(name): the part of a patch's, cover letter's or series' name that says what it is about.
-- Takes    a name as Patchwork stores it: "[v2,1/3] title" or a title alone.
-- Gives    the title in lower case, everything but letters and digits folded to single blanks; NULL for NULL.
CREATE OR REPLACE FUNCTION _patchmail.plain_title(name text)
RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT btrim(lower(regexp_replace(regexp_replace(name, '^(\s*\[[^]]*\])+', ''), '[^[:alnum:]]+', ' ', 'g')));
$$;
