-- patchmail.quarantine_show(quarantine_id, lines): a mail in quarantine, to be read in a terminal.
-- Takes    its id, and how many lines of the mail itself are shown.
-- Gives    rows of a word and a text: what is known of it, then the mail's first lines as they came; what would do
--          something to a terminal is written as an escape, and so is each octet that is not ASCII.
-- Errors   no_data_found.
-- Touches  nothing.  It is VOLATILE all the same, so that only admins may call it: the text of mail is not for readers.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.quarantine_show(quarantine_id bigint, lines integer DEFAULT 40)
RETURNS TABLE (what text, value text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    most CONSTANT integer := 100000;  -- octets that are looked at
    kept patchmail.quarantine;
BEGIN
    SELECT q.* INTO kept FROM patchmail.quarantine q WHERE q.id = quarantine_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'mail % is not in quarantine', coalesce(quarantine_id::text, 'NULL')
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN QUERY
    SELECT k.key, k.value
      FROM patchmail.quarantined v, LATERAL (VALUES
           ('projects', v.projects), ('author', v.author), ('verdict', v.verdict), ('reason', v.reason),
           ('subject', v.subject), ('msgid', v.msgid), ('size', v.size::text), ('arrived', kept.arrived::text),
           ('attempts', v.attempts::text), ('last try', v.last_try::text),
           ('source', _patchmail.printable(kept.source::text, 1000)), ('sha256', kept.sha256),
           ('mark', v.mark || ' by ' || v.marked_by)) k (key, value)
     WHERE v.id = quarantine_id AND k.value <> '';
    RETURN QUERY
    SELECT 'mail', _patchmail.printable(replace(rtrim(l.line, E'\r'), E'\t', '    '), 1000)
      FROM regexp_split_to_table(encode(substr((SELECT p.raw FROM patchmail.quarantine_part p
                                                 WHERE p.quarantine_id = kept.id ORDER BY p.part LIMIT 1), 1, most),
                                        'escape'), '\n') WITH ORDINALITY l (line, n)
     WHERE l.n <= lines ORDER BY l.n;
END
$$;
COMMENT ON FUNCTION patchmail.quarantine_show IS
    'A mail in quarantine: what is known of it, and its first lines.';
