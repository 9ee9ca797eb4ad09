-- patchmail.add_maintainer(project, username, actor): says that a user maintains a project: Patchwork lets him change
-- its patches, and be their delegate.
-- Takes    the project's linkname.
-- Gives    the row of patchmail.audit; none if he does so already.
-- Errors   no_data_found.
-- Touches  public.patchwork_userprofile, _userprofile_maintainer_projects; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.add_maintainer(project text, username text, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here       CONSTANT integer := _patchmail.project_id(project);
    maintainer CONSTANT integer := _patchmail.acting_user(coalesce(username, ''));
BEGIN
    PERFORM _patchmail.acting_user(actor);
    INSERT INTO public.patchwork_userprofile_maintainer_projects (userprofile_id, project_id)
    VALUES (_patchmail.profile_of(maintainer), here) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NEXT _patchmail.note_change('add_maintainer', actor, here, 'user', maintainer, NULL,
                                           jsonb_build_object('username', username, 'project', project));
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.add_maintainer IS
    'Says that a user maintains a project.';
