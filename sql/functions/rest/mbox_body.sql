-- _patchmail.mbox_body(content, responses, diff): the body of a mail in an mbox of Patchwork.
-- Takes    the text of a patch or cover letter, or NULL; lines from its comments; the diff, or NULL.
-- Gives    the message of the commit with the lines after it; what the text had from a line --- or -- on; the diff.
CREATE OR REPLACE FUNCTION _patchmail.mbox_body(content text, responses text[], diff text)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    body  text := coalesce(_patchmail.trimmed(nullif(content, '')) || E'\n', '');
    line  text := substring(body FROM '(?n)^-{2,3} ?$');  -- what ends the message
    place integer := CASE WHEN line IS NOT NULL THEN strpos(E'\n' || body, E'\n' || line || E'\n') END;
    rest  text;
BEGIN
    IF line IS NOT NULL THEN
        rest := nullif(rtrim(substr(body, place + length(line)), E' \t\n\u000B\f\r'), '');
        body := _patchmail.trimmed(left(body, place - 1)) || E'\n';
    END IF;
    RETURN concat(body, array_to_string(responses, E'\n') || CASE WHEN responses <> '{}' THEN E'\n' END,
                  '---' || rest || E'\n', E'\n' || nullif(diff, ''));
END
$$;
