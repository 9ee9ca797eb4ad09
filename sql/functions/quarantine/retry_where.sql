-- patchmail.retry_where(reason, project, age, sender, dry_run): has mail in quarantine tried again.
-- Takes    at least one of
--            reason   a regular expression that is found in why it is there, ignoring case;
--            project  the linkname of one that it is for;
--            age      for how long it has been there at least;
--            sender   the author's address, or @ and the domain of one, ignoring case;
--          all that is given has to be so.
-- Gives    the rows of patchmail.audit, one for each mail, whose after is what becomes of it.
-- Rules, Touches   as patchmail.retry().
-- Errors   invalid_parameter_value if none is given, or reason is no regular expression; no_data_found for a project.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.retry_where(reason text DEFAULT NULL, project text DEFAULT NULL,
                                                 age interval DEFAULT NULL, sender text DEFAULT NULL,
                                                 dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT * FROM _patchmail.mark_where('retry', reason, project, age, sender, dry_run);
$$;
COMMENT ON FUNCTION patchmail.retry_where IS
    'Has all mail in quarantine of a reason, project, age or sender tried again, as retry() does.';
