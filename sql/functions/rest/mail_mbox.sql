-- _patchmail.mail_mbox(...): a mail in an mbox of Patchwork.
-- Takes    of a patch or cover letter its id, date, headers and author; the addresses of its list and delegate; its
--          body; its project.
-- Gives    the mail with its From_ line, as git am takes it.
-- Rules    The body is as it is, unless a reader would change it: with a CR, which git takes for part of a line end, or
--          a line that looks as if another mail began there, it is encoded in base64.
CREATE OR REPLACE FUNCTION _patchmail.mail_mbox(id integer, date timestamptz, headers text, submitter_id integer,
                                               listemail text, delegate text, body text,
                                               project_id integer)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    utc       CONSTANT timestamp := _patchmail.from_patchwork(date) AT TIME ZONE 'UTC';
    encoding  CONSTANT text := CASE WHEN body ~ '\r|(^|\n)From [^\n]*\d.\d\d:\d\d' THEN 'base64'
                                    WHEN body ~ '[^\x01-\x7f]' THEN '8bit' ELSE '7bit' END;
    submitter CONSTANT text := _patchmail.mail_person(submitter_id, project_id);
BEGIN
    RETURN concat(
        'From patchwork ', to_char(utc, 'Dy Mon '), lpad(to_char(utc, 'FMDD'), 2), to_char(utc, ' HH24:MI:SS YYYY'),
        E'\nContent-Type: text/plain; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: ', encoding,
        E'\n', _patchmail.mail_field('X-Patchwork-Submitter', submitter), E'\nX-Patchwork-Id: ', id, E'\n',
        _patchmail.mail_field('X-Patchwork-Delegate',
                              CASE WHEN NOT _patchmail.hides_addresses(project_id) THEN delegate END) || E'\n',
        _patchmail.mbox_headers(_patchmail.shown_headers(headers, submitter_id, project_id), listemail, submitter,
                                 date), E'\n',
        CASE encoding WHEN 'base64' THEN encode(convert_to(body, 'UTF8'), 'base64') || E'\n' ELSE body END);
END
$$;
