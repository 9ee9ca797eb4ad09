-- patchmail.mark_committed(commit, facts, project, msgid, hash, patch_id, state, again, gone, actor, dry_run): gives
-- the patches that a commit was made of their state and the commit.
-- Takes    commit: its name, which Patchwork keeps as commit_ref;
--          facts: what patchmaild parse says of `git format-patch -1 --stdout COMMIT`, or NULL;
--          project: its linkname; NULL: all;
--          msgid, hash, patch_id: by what the patch is to be found, given by hand: Message-ID, Patchwork's hash, git's
--          patch-id;
--          state: the slug or name of the state that they get;
--          again: whether a patch that has another commit gets this one; gone: commits that a patch gives up, since
--          they are in no branch any more;
--          actor: the user of Patchwork in whose name it is done, or NULL; dry_run: whether only to show it.
-- Gives    a row of patchmail.audit for each patch that is changed, with the evidence in `after`.  What is not marked,
--          and why not, says patchmail.find_committed().
-- Rules    _patchmail.match_commit.  A patch that has this commit stays as it is.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  public.patchwork_patch (state_id, commit_ref), _event, _patchchangenotification; patchmail.audit.
-- Locks    the project; of all, those in which it finds something, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.mark_committed(
    commit text, facts jsonb DEFAULT NULL, project text DEFAULT NULL, msgid text DEFAULT NULL, hash text DEFAULT NULL,
    patch_id text DEFAULT NULL, state text DEFAULT 'accepted', again boolean DEFAULT false, gone text[] DEFAULT '{}',
    actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET timezone = 'UTC' AS $$
DECLARE
    user_id CONSTANT integer := _patchmail.acting_user(actor);
    columns CONSTANT jsonb := jsonb_build_object('state_id', _patchmail.find_state_named(coalesce(state, 'accepted')),
                                                 'commit_ref', btrim(commit));
    change  patchmail.audit;
    changes patchmail.audit[] := '{}';
    patch   record;
    before  jsonb;
    shown   jsonb;
BEGIN
    PERFORM _patchmail.lock_projects(CASE
        WHEN project IS NOT NULL THEN ARRAY[_patchmail.project_id(project)]
        ELSE ARRAY(SELECT DISTINCT p.id
                     FROM patchmail.find_committed(commit, facts, NULL, msgid, hash, patch_id, again, gone) f
                     JOIN public.patchwork_project p ON p.linkname::text = f.project WHERE f.marks) END);
    BEGIN
        FOR patch IN
            SELECT p.id, p.project_id, f.evidence, f.msgid
              FROM patchmail.find_committed(commit, facts, project, msgid, hash, patch_id, again, gone) f
              JOIN public.patchwork_patch p ON p.id = f.patch_id
             WHERE f.marks ORDER BY p.project_id, p.id
        LOOP
            before := _patchmail.patch_shown(patch.id);
            PERFORM _patchmail.write_patches(ARRAY[patch.id], columns, user_id);
            shown := _patchmail.patch_shown(patch.id);
            change := _patchmail.note_change(
                'mark_committed', actor, patch.project_id, 'patch', patch.id,
                jsonb_build_object('msgid', patch.msgid) || _patchmail.changed_part(before, shown),
                jsonb_build_object('msgid', patch.msgid, 'evidence', patch.evidence)
                || _patchmail.changed_part(shown, before));
            changes := changes || change;
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
COMMENT ON FUNCTION patchmail.mark_committed IS
    'Sets the patches that a commit was made of to Accepted, and gives them the commit.  Gives them, and by which '
    'evidence.';
