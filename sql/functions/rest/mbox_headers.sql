-- _patchmail.mbox_headers(headers, listemail, submitter, date): the fields that a mail came with, as an mbox of
-- Patchwork has them.
-- Takes    the stored header block; the address of the list; the author as _patchmail.mail_address gives him; the date
--          of the mail.
-- Gives    the fields in their order, each with a line end.
-- Rules    Left out is what says how the text was encoded.  If the list took the place of the author, he gets it back,
--          and X-Patchwork-Original-From has what was there.
--          What git am could not read is made such that it can: words of an unknown character set in From and Subject
--          are taken as ISO-8859-1, and a Date that says no time gives way to that of the column.
CREATE OR REPLACE FUNCTION _patchmail.mbox_headers(headers text, listemail text, submitter text, date timestamptz)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dated  CONSTANT text := to_char(_patchmail.from_patchwork(date) AT TIME ZONE 'UTC',
                                    'Dy, DD Mon YYYY HH24:MI:SS "-0000"');
    time   CONSTANT text := '\d\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+\d+\s+\d+:\d+';
    fields text;
BEGIN
    fields := (
        SELECT string_agg(CASE
                   WHEN f.key = 'from' AND lower(f.address) = lower(listemail)
                       THEN format(E'X-Patchwork-Original-From: %s\n%s\n', f.value,
                                   _patchmail.mail_field(f.name, submitter))
                   WHEN f.key = 'date' AND f.value !~* time
                       THEN format(E'X-Patchwork-Original-Date: %s\n%s: %s\n', f.value, f.name, dated)
                   WHEN f.key IN ('from', 'subject')
                       THEN f.name || ': ' || regexp_replace(f.value, '=\?unknown-8bit\?', '=?iso-8859-1?', 'gi')
                            || E'\n'
                   ELSE f.name || ': ' || f.value || E'\n' END, '' ORDER BY f.place)
          FROM (SELECT h.place, h.name, lower(h.name COLLATE "C") AS key, replace(h.value, E'\r', '') AS value,
                       coalesce(substring(h.value FROM '<([^>]+)>'), btrim(h.value)) AS address
                  FROM _patchmail.header_fields(headers) h) f
         WHERE f.key NOT IN ('content-type', 'content-transfer-encoding'));
    RETURN concat(fields, CASE WHEN fields ~* '(^|\n)date:' THEN '' ELSE 'Date: ' || dated || E'\n' END);
END
$$;
