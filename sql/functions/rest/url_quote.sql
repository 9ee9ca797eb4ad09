-- _patchmail.url_quote(text): a text as part of a URL's path.
-- Gives    every octet of its UTF-8 percent-encoded but those that RFC 3986, section 3.3, allows in a path; that
--          includes /, which is a separator here.
CREATE OR REPLACE FUNCTION _patchmail.url_quote(text)
RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    plain CONSTANT text := '[A-Za-z0-9._~!$&''()*+,;=:@/-]';
BEGIN
    IF $1 ~ ('^' || plain || '*$') THEN
        RETURN $1;
    END IF;
    RETURN (SELECT string_agg(CASE WHEN c.char ~ plain THEN c.char
                                   ELSE regexp_replace(upper(encode(convert_to(c.char, 'UTF8'), 'hex')),
                                                       '..', '%\&', 'g') END, '' ORDER BY c.n)
              FROM string_to_table($1, NULL) WITH ORDINALITY c (char, n));
END
$$;
