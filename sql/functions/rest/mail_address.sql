-- _patchmail.mail_address(name, email): a person as he stands in a field of a mail.
-- Takes    his name, or NULL; his address.
-- Gives    the address alone, or the name before it, quoted or encoded (RFC 2047) if it has to be.
CREATE OR REPLACE FUNCTION _patchmail.mail_address(name text, email text)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    octets  CONSTANT bytea := convert_to(name, 'UTF8');
    quoted  text;
    encoded text;
BEGIN
    IF coalesce(name, '') = '' THEN
        RETURN email;
    ELSIF name ~ '^[\x01-\x7f]+$' THEN
        quoted := regexp_replace(name, '[\\"]', '\\\&', 'g');
        RETURN format(CASE WHEN name ~ '[][\\()<>@,:;".]' THEN '"%s" <%s>' ELSE '%s <%s>' END, quoted, email);
    END IF;
    -- Whichever is shorter.
    quoted := (SELECT string_agg(CASE WHEN o.octet = 32 THEN '_'
                                      WHEN chr(o.octet) ~ '[A-Za-z0-9!*+/-]' AND o.octet < 128 THEN chr(o.octet)
                                      ELSE '=' || upper(lpad(to_hex(o.octet), 2, '0')) END, '' ORDER BY o.n)
                 FROM (SELECT get_byte(octets, n) AS octet, n FROM generate_series(0, length(octets) - 1) n) o);
    encoded := replace(encode(octets, 'base64'), E'\n', '');
    RETURN CASE WHEN length(encoded) < length(quoted) THEN format('=?utf-8?b?%s?= <%s>', encoded, email)
                ELSE format('=?utf-8?q?%s?= <%s>', quoted, email) END;
END
$$;
