-- _patchmail.url_unquote(text): a name or a value of a URL's query as text: + is a blank, %XX an octet of UTF-8.
CREATE OR REPLACE FUNCTION _patchmail.url_unquote(text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT convert_from(coalesce(string_agg(
               CASE WHEN length(m.part[1]) = 3 AND m.part[1] LIKE '\%%' THEN decode(substr(m.part[1], 2), 'hex')
                    ELSE convert_to(m.part[1], 'UTF8') END, '' ORDER BY m.n), ''), 'UTF8')
      FROM regexp_matches(replace($1, '+', ' '), '%[0-9A-Fa-f]{2}|%|[^%]+', 'g') WITH ORDINALITY m (part, n);
$$;
