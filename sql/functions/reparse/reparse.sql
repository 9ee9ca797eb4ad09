-- patchmail.reparse(facts, source, dry_run): brings a stored mail in line with what its parser reads in it now.
-- Takes    the facts of the mail (patchmaild-facts(5)), and a JSON object of where the bytes come from:
--          "msgid" and "arrived" of patchmail.raw, if they are from there; without, they are a copy from elsewhere;
--          "project" (optional): its linkname, for that project alone; "since" (optional): only mail that arrived then
--          or later.
-- Gives    a row of patchmail.audit for each project in which the mail differed, with what was and what is; of header,
--          text and diff the line with which they begin to differ.  And rows without an id, which are not written
--          there, for mail that is left alone: after->>'left alone' says why.
-- Rules    A mail is as if it had been read so when it came: row, series, parent, person, tags, dependencies.  A mail
--          of another kind is taken out and stored anew, unless people have worked on it.  What people change stays:
--          state, delegate, whether it is archived, checks, what was moved or deleted.  Hints of state and delegate are
--          not followed again, nor does mail change its project.  If the bytes are kept of which the ledger's row was
--          made, no others count.  A copy says nothing of header and verdict.  Of mail that Patchwork stored only
--          texts, hash and name are compared.  What is not stored is not stored now: that is for `patchmaild import`,
--          and retry().  The same again changes nothing.
-- Errors   feature_not_supported for facts of another version; no_data_found for a project that there is not.
-- Touches  all that patchmail.store touches, and patchmail.audit.
-- Locks    the projects that have the mail, in the order of their ids.
-- For admins: `patchmaild reparse` calls it.
CREATE OR REPLACE FUNCTION patchmail.reparse(facts jsonb, source jsonb, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    given   CONSTANT text := left(coalesce(source->>'msgid', facts->>'message_id'), 255);
    stored  patchmail.message;
    change  patchmail.audit;
    changes patchmail.audit[] := '{}';
    project integer;
    known   boolean := false;
BEGIN
    IF facts->>'facts' IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'facts of version % are not known here', facts->>'facts'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM _patchmail.project_id(source->>'project') WHERE source->>'project' IS NOT NULL;
    PERFORM set_config('lock_timeout', source->>'patience', true) WHERE source ? 'patience';
    BEGIN
        FOREACH project IN ARRAY _patchmail.projects_of_mail(given, facts, source) LOOP
            PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), project);
            PERFORM _patchmail.adopt(project, ARRAY[given]) WHERE to_regclass('public.django_migrations') IS NOT NULL;
            SELECT m.* INTO stored FROM patchmail.message m WHERE m.project_id = project AND m.msgid = given;
            known := known OR FOUND;
            CONTINUE WHEN stored.arrived >= coalesce((source->>'since')::timestamptz, '-infinity') IS NOT TRUE;
            change := _patchmail.reparse_one(stored, facts, (source->>'arrived')::timestamptz);
            IF change.function IS NOT NULL THEN
                changes := changes || change;
            END IF;
        END LOOP;
        IF NOT known THEN
            stored.msgid := given;
            changes := changes || _patchmail.left_alone(stored, 'it is not stored');
        END IF;
        IF dry_run THEN
            RAISE EXCEPTION 'nothing is done' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT c.* FROM unnest(changes) c;
END
$$;
COMMENT ON FUNCTION patchmail.reparse IS
    'Brings a stored mail in line with what its parser reads in it now, and says what differed: patchmaild reparse.';
