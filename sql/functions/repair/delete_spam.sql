-- patchmail.delete_spam(project, sender, msgids, pattern, since, until, why, actor, dry_run): deletes mail for good.
-- Takes    the project's linkname, or NULL for all; of the rest any combination, but at least one, and mail has to meet
--          all that is given: the sender's address; Message-IDs, of which an empty list means no mail; a regular
--          expression, ignoring case, that is found in name, header or text; the first date and the last.  Then the
--          reason; the user of Patchwork in whose name it is done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is gone or different.
-- Rules    Patches and cover letters go with their checks, tags, events and places in bundles, series of which nothing
--          is left, and people of whom nothing is left.  Replies to them go too, unless they answer other mail as well:
--          then they move there.  A reply that waits and leads only to deleted mail goes too.
--          The same mail does not come back: it is a duplicate.  A reply to it that comes later is ignored, and counted
--          so, unless it leads to other mail.  An admin who releases such a mail from quarantine has it stored.
-- Errors   no_data_found or invalid_parameter_value in words, before anything is written.
-- Touches  Patchwork's tables; the ledger; patchmail.removed, _audit.
-- Locks    the projects, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.delete_spam(
    project text DEFAULT NULL, sender text DEFAULT NULL, msgids text[] DEFAULT NULL, pattern text DEFAULT NULL,
    since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL, why text DEFAULT 'spam', actor text DEFAULT NULL,
    dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here    CONSTANT integer := CASE WHEN project IS NOT NULL THEN _patchmail.project_id(project) END;
    at      integer;
    changes patchmail.audit[] := '{}';
BEGIN
    PERFORM _patchmail.acting_user(actor);
    IF num_nonnulls(sender, msgids, pattern, since, until) = 0 THEN
        RAISE EXCEPTION 'what is spam is not given: sender, msgids, pattern, since or until'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM _patchmail.check_pattern(pattern) WHERE pattern IS NOT NULL;
    PERFORM _patchmail.lock_projects(ARRAY(SELECT p.id FROM public.patchwork_project p
                                            WHERE here IS NULL OR p.id = here));
    BEGIN
        FOR at IN SELECT p.id FROM public.patchwork_project p WHERE here IS NULL OR p.id = here ORDER BY p.id LOOP
            changes := changes || _patchmail.remove_mail(
                at, _patchmail.matching_mail(at, btrim(sender, ' <>'), msgids, pattern, since, until),
                coalesce(why, 'spam'), actor);
        END LOOP;
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.delete_spam IS
    'Deletes mail by sender, Message-ID, text or date: it does not come back.  Gives what is gone.';
