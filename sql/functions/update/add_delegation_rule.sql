-- patchmail.add_delegation_rule(project, path, username, priority, actor): has new patches delegated to a user by the
-- files that they change.
-- Takes    the project's linkname; path: a shell pattern (*, ?, [abc]) for names of files, in which * goes over / too;
--          priority: of the rules that fit a file the one with the highest counts.
-- Gives    the row of patchmail.audit, with the new id.
-- Rules    For patches that come from now on (_patchmail.find_delegate).
-- Errors   no_data_found; check_violation, also if the project has a rule for that path.
-- Touches  public.patchwork_delegationrule; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.add_delegation_rule(project text, path text, username text,
                                                         priority integer DEFAULT 0, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here     CONSTANT integer := _patchmail.project_id(project);
    delegate CONSTANT integer := _patchmail.acting_user(coalesce(username, ''));
    given    jsonb := jsonb_build_object('path', path, 'username', username, 'priority', priority);
    wrong    text;
    rule_id  integer;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    PERFORM _patchmail.check_change(given, '{"path": "string 255", "username": "string", "priority": "number"}');
    BEGIN
        wrong := CASE WHEN path ~ '^\s*$' THEN 'the path is empty'
                      WHEN '' ~ _patchmail.shell_pattern(path) THEN NULL END;
    EXCEPTION WHEN invalid_regular_expression THEN
        wrong := format('path "%s" is not a shell pattern: %s', path, SQLERRM);
    END;
    wrong := coalesce(wrong, (SELECT format('project "%s" has a rule for "%s" already, for user "%s"', project,
                                            r.path, u.username)
                                FROM public.patchwork_delegationrule r JOIN public.auth_user u ON u.id = r.user_id
                               WHERE r.project_id = here AND r.path = add_delegation_rule.path));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.patchwork_delegationrule AS r (path, priority, project_id, user_id)
    VALUES (add_delegation_rule.path, add_delegation_rule.priority, here, delegate)
    RETURNING r.id INTO rule_id;
    RETURN NEXT _patchmail.note_change('add_delegation_rule', actor, here, 'delegationrule', rule_id, NULL, given);
END
$$;
COMMENT ON FUNCTION patchmail.add_delegation_rule IS
    'Has new patches of a project delegated to a user by the files that they change.';
