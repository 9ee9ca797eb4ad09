-- _patchmail.follow_policy(project, policy, since, age, actor, dry_run): does to the mail that is there what a policy
-- does to the mail that comes.
-- Takes    the linkname; what is to be followed, by the name that patchmail.set_policy() has for it: relate, supersede
--          or archive_after; from which date on series count as new versions, or NULL; after how long patches are
--          archived, or NULL: as the project has it.  The other terms are those of the project.
-- Gives    the rows of patchmail.audit; and what _patchmail.revise_from found, each pair once, as a list of objects.
-- Errors   no_data_found or invalid_parameter_value in words, before anything is written.
-- Touches  through _patchmail.revise_from and patchmail.archive_stale; patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION _patchmail.follow_policy(project text, policy text, since timestamptz, age interval,
                                                   actor text, dry_run boolean, OUT changes patchmail.audit[],
                                                   OUT pairs jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    here    CONSTANT integer := _patchmail.project_id(project);
    user_id CONSTANT integer := _patchmail.acting_user(actor);
    terms   patchmail.policy;
    before  jsonb;
BEGIN
    SELECT y.* INTO terms FROM patchmail.policy y WHERE y.project_id = here;
    age := coalesce(age, terms.archive_after);
    IF policy IS NULL OR policy NOT IN ('relate', 'supersede', 'archive_after') THEN
        RAISE EXCEPTION 'policy "%" is none of relate, supersede, archive_after', policy
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF policy = 'archive_after' AND age IS NULL THEN
        RAISE EXCEPTION 'project "%" archives nothing by itself, so archive_after has to be given', project
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF policy = 'archive_after' AND since IS NOT NULL THEN
        RAISE EXCEPTION 'since is for new versions, not for what is archived' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY[here]);
    terms.project_id := here;
    terms.relate := policy = 'relate';
    terms.supersede := policy = 'supersede';
    terms.revise := coalesce(terms.revise, 'conflict');
    BEGIN
        IF policy = 'archive_after' THEN
            changes := ARRAY(SELECT a FROM patchmail.archive_stale(project, age, NULL, actor) a);
        ELSE
            before := _patchmail.states_and_relations(here);
            SELECT jsonb_agg(r) INTO pairs
              FROM (SELECT DISTINCT d.* FROM _patchmail.revise_project(terms, since, user_id) d) r;
            changes := ARRAY(
                SELECT n FROM (SELECT b.key::integer AS id, b.value AS was, a.value AS now
                                 FROM jsonb_each(_patchmail.states_and_relations(here)) a JOIN jsonb_each(before) b
                                   ON b.key = a.key AND b.value <> a.value ORDER BY 1) d
                  JOIN public.patchwork_patch p ON p.id = d.id, LATERAL _patchmail.note_difference(
                      'apply_policy', actor, here, 'patch', p.id, jsonb_build_object(
                          'msgid', _patchmail.printable(p.msgid), 'name', _patchmail.printable(p.name)), d.was, d.now) n
                 ORDER BY p.id);
        END IF;
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
END
$$;
