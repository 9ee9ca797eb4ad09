-- _patchmail.printable(text, most): a text from mail as one line that does nothing to a terminal.
-- Takes    it, and how many of its characters are looked at.
-- Gives    it with \u and hexadecimal digits for control characters, for what turns the direction of text, and for
--          other invisible ones.
CREATE OR REPLACE FUNCTION _patchmail.printable(text text, most integer DEFAULT 200)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    unsafe CONSTANT text := '[\u0001-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e'
                            '\u200b-\u200f\u2028-\u202e'
                            '\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]';
    line   CONSTANT text := left(text, most);
BEGIN
    IF line !~ unsafe THEN
        RETURN line;
    END IF;
    RETURN (SELECT string_agg(CASE WHEN c.sign ~ unsafe
                                   THEN '\u' || lpad(to_hex(ascii(c.sign)), 4, '0') ELSE c.sign END, ''
                              ORDER BY c.n)
              FROM regexp_split_to_table(line, '') WITH ORDINALITY c (sign, n));
END
$$;
