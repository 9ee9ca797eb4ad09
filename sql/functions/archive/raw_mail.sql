-- patchmail.raw_mail(msgid): the bytes of a stored mail, as they came; NULL if they were not kept.
-- Takes    a Message-ID with its brackets; that of the mail in a wrapped one does too.
-- Rules    Of several copies, such as those of two lists, the one of which the ledger's row was made, then the oldest.
--          Mail in quarantine is not looked at: patchmail.quarantine_raw().
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.raw_mail(msgid text)
RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT r.raw
      FROM (SELECT left($1, 255)
            UNION
            SELECT a.msgid FROM public.patchwork_project p
              JOIN patchmail.alias a ON a.project_id = p.id AND a.alias = left($1, 255)) named (msgid)
      JOIN patchmail.raw r ON r.msgid = named.msgid
     ORDER BY EXISTS (SELECT FROM public.patchwork_project p
                        JOIN patchmail.message m ON m.project_id = p.id AND m.msgid = r.msgid AND m.arrived = r.arrived)
              DESC, r.id
     LIMIT 1;
$$;
COMMENT ON FUNCTION patchmail.raw_mail IS
    'The bytes of a stored mail, by its Message-ID, as they came; NULL if they were not kept.';
