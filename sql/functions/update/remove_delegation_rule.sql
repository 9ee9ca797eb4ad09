-- patchmail.remove_delegation_rule(project, path, actor): removes the delegation rule of a project for a path.
-- Takes    the project's linkname; the path as the rule has it.
-- Gives    the row of patchmail.audit.
-- Rules    Patches that are delegated stay so.
-- Errors   no_data_found, also if there is no such rule.
-- Touches  public.patchwork_delegationrule; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.remove_delegation_rule(project text, path text, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here CONSTANT integer := _patchmail.project_id(project);
    gone public.patchwork_delegationrule;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    DELETE FROM public.patchwork_delegationrule r
     WHERE r.project_id = here AND r.path = remove_delegation_rule.path
    RETURNING r.* INTO gone;
    IF gone.id IS NULL THEN
        RAISE EXCEPTION 'project "%" has no delegation rule for "%"', project, coalesce(path, 'NULL')
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN NEXT _patchmail.note_change(
        'remove_delegation_rule', actor, here, 'delegationrule', gone.id, jsonb_build_object(
            'path', gone.path, 'priority', gone.priority,
            'username', (SELECT u.username FROM public.auth_user u WHERE u.id = gone.user_id)), NULL);
END
$$;
COMMENT ON FUNCTION patchmail.remove_delegation_rule IS
    'Removes a delegation rule of a project.';
