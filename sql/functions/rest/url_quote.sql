-- _patchmail.url_quote(text): a text as part of a URL's path.
-- Gives    every octet of its UTF-8 percent-encoded but those that RFC 3986, section 3.3, allows in a path; that
--          includes /, which is a separator here.
CREATE OR REPLACE FUNCTION _patchmail.url_quote(text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(
               CASE WHEN c.char ~ '^[A-Za-z0-9._~!$&''()*+,;=:@/-]$' THEN c.char
                    ELSE regexp_replace(upper(encode(convert_to(c.char, 'UTF8'), 'hex')), '..', '%\&', 'g')
               END, '' ORDER BY c.n), '')
      FROM string_to_table($1, NULL) WITH ORDINALITY c (char, n);
$$;
