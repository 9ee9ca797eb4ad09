-- patchmail.doctor(settings): looks at what mail needs here: the server, the role, projects, policies, the time zone of
-- the Patchwork beside it, the last hour, and the services.
-- Takes    what a configuration says that only the database can judge; {} without one:
--          {"role": whether who asks is to deliver or to notify, "trusts": whether anybody is believed about senders,
--           "lists": the ids that mail is given by [mailbox], [imap] and [recipients], "trusted_lists": those of
--           [list ID], "accounts": the names of [imap], "hooks": those of [notify]}
-- Gives    a row for each thing that was looked at: level is ok, warning (it works, and may not tomorrow; or some mail
--          is not where it should be) or failure (mail waits, or is held or ignored, until somebody does something);
--          what was looked at, what was found, and what to do, NULL if nothing has to be done.
-- Rules    Nothing of it is a text or an address of mail, and all is safe for terminals.  It is quick, so that it may
--          be asked every minute; patchmail.check() looks at the rows themselves.
-- Touches  nothing.  Deliverers, notifiers and monitors may call it.
CREATE OR REPLACE FUNCTION patchmail.doctor(settings jsonb DEFAULT '{}')
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT d.level, d.subject, _patchmail.printable(d.finding, 400), _patchmail.printable(d.remedy, 400)
      FROM (SELECT 1, d.* FROM _patchmail.doctor_server() d
            UNION ALL SELECT 2, d.* FROM _patchmail.doctor_role($1) d
            UNION ALL SELECT 3, d.* FROM _patchmail.doctor_projects($1) d
            UNION ALL SELECT 4, d.* FROM _patchmail.doctor_policies($1) d
            UNION ALL SELECT 5, d.* FROM _patchmail.doctor_time_zone() d
            UNION ALL SELECT 6, d.* FROM _patchmail.doctor_mail() d
            UNION ALL SELECT 7, d.* FROM _patchmail.doctor_services($1) d) d (part, level, subject, finding, remedy)
     ORDER BY d.part;
$$;
COMMENT ON FUNCTION patchmail.doctor IS
    'Looks at what mail needs here, a row a thing: level, what was found, and what to do.  It is quick.';
