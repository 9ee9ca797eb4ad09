-- patchmail.discard_where(reason, project, age, sender, dry_run): throws mail in quarantine away.
-- Takes    at least one of
--            reason   a regular expression that is found in why it is there, ignoring case;
--            project  the linkname of one that it is for;
--            age      for how long it has been there at least;
--            sender   the author's address, or @ and the domain of one, ignoring case;
--          all that is given has to be so.
-- Gives    the rows of patchmail.audit, one for each mail, whose before is what it was.
-- Rules, Touches   as patchmail.discard().
-- Errors   invalid_parameter_value if none is given, or reason is no regular expression; no_data_found for a project.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.discard_where(reason text DEFAULT NULL, project text DEFAULT NULL,
                                                   age interval DEFAULT NULL, sender text DEFAULT NULL,
                                                   dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    ids     CONSTANT bigint[] := _patchmail.find_quarantined(reason, project, age, sender);
    changes patchmail.audit[];
BEGIN
    BEGIN
        changes := ARRAY(SELECT c FROM _patchmail.discard_quarantined('discard_where', ids) c);
        IF dry_run THEN
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.discard_where IS
    'Throws all mail in quarantine of a reason, project, age or sender away, as discard() does.';
