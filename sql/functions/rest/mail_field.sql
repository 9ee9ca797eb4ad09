-- _patchmail.mail_field(name, value): a field of a mail, folded if it is too long.
-- Takes    its name; its value, of which line ends become blanks.
-- Gives    the field without a line end, folded as Python's email package does it: if a word makes the line longer than
--          78 characters, after the last word that ends in a semicolon, else a comma, else before that word.  A first
--          word that is too long has a line of its own.  NULL for no value.
CREATE OR REPLACE FUNCTION _patchmail.mail_field(name text, value text)
RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lines text := '';
    line  text := name || ':';
    begun boolean := false;  -- a word stands before the one that is looked at
    word  text;
    place integer;
BEGIN
    FOREACH word IN ARRAY string_to_array(regexp_replace(value, '[\n\r]+', ' ', 'g'), ' ') LOOP
        line := line || ' ' || word;
        IF length(line) > 78 THEN
            place := CASE WHEN begun THEN coalesce(nullif(length(substring(line FROM '^.* .*;(?= )')), 0),
                                                   nullif(length(substring(line FROM '^.* .*,(?= )')), 0)) END;
            place := coalesce(place, length(line) - length(word) - 1);
            IF place > 0 THEN
                lines := lines || left(line, place) || CASE WHEN begun THEN E'\n' ELSE E' \n' END;
                line := substr(line, place + 1);
            END IF;
        END IF;
        begun := true;
    END LOOP;
    RETURN lines || line;
END
$$;
