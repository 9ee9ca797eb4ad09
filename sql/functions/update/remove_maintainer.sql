-- patchmail.remove_maintainer(project, username, actor): says that a user does not maintain a project any more.
-- Takes    the project's linkname.
-- Gives    the row of patchmail.audit; none if he does not.
-- Rules    Patches that are delegated to him stay so, and so do delegation rules.
-- Errors   no_data_found.
-- Touches  public.patchwork_userprofile_maintainer_projects; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.remove_maintainer(project text, username text, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here       CONSTANT integer := _patchmail.project_id(project);
    maintainer CONSTANT integer := _patchmail.acting_user(coalesce(username, ''));
BEGIN
    PERFORM _patchmail.acting_user(actor);
    DELETE FROM public.patchwork_userprofile_maintainer_projects m
     USING public.patchwork_userprofile f
     WHERE f.id = m.userprofile_id AND f.user_id = maintainer AND m.project_id = here;
    IF FOUND THEN
        RETURN NEXT _patchmail.note_change('remove_maintainer', actor, here, 'user', maintainer,
                                           jsonb_build_object('username', username, 'project', project), NULL);
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.remove_maintainer IS
    'Says that a user does not maintain a project any more.';
