-- _patchmail.shown_headers(headers, submitter_id, project_id): a header block as whoever is connected may see it.
-- Takes    headers as Patchwork's tables hold them; the author and the project of the mail.
-- Gives    them as they are, unless the project hides addresses.  Then From has the name of the author with an address
--          that is nobody's, so that git am takes it, and there are only fields that hold no address: what is left out
--          may have one in any form, such as an encoded word.
-- Rules    Message-IDs stay, since they are keys; a field of references with anything else in it goes.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.shown_headers(headers text, submitter_id integer, project_id integer)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    IF NOT _patchmail.hides_addresses(project_id) THEN
        RETURN headers;
    END IF;
    RETURN concat('From: ', _patchmail.mail_person(submitter_id, project_id), E'\n', (
        SELECT string_agg(f.name || ': ' || f.value || E'\n', '' ORDER BY f.place)
          FROM _patchmail.header_fields(headers) f, lower(f.name COLLATE "C") key
         WHERE key = 'subject'
            OR key IN ('message-id', 'in-reply-to', 'references') AND f.value ~ '^\s*(<[^<>\s]+>\s*)*$'
            OR key IN ('date', 'list-id', 'mime-version', 'content-type', 'content-transfer-encoding', 'user-agent',
                       'x-mailer', 'x-patchwork-hint', 'x-patchwork-state') AND f.value !~ '@|=\?'));
END
$$;
