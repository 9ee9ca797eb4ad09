-- patchmail.set_policy(project, relate, supersede): says what is done beyond storing a project's mail.
-- Takes    the project's linkname; relate: whether the versions of a patch are related to each other, as users do by
--          hand; supersede: whether a new version that is complete sets the open patches of the old ones to Superseded.
--          What is not given, or NULL, stays; both are off in the beginning.
-- Gives    the policy as it is now; an error in words where there is no such project.
-- Rules    For mail that comes from now on, and what it revises.
-- Touches  patchmail.policy.
CREATE OR REPLACE FUNCTION patchmail.set_policy(project text, relate boolean DEFAULT NULL,
                                                supersede boolean DEFAULT NULL)
RETURNS patchmail.policy LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    id     integer := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname = project);
    policy patchmail.policy;
BEGIN
    IF id IS NULL THEN
        RAISE EXCEPTION 'there is no project "%"', project;
    END IF;
    INSERT INTO patchmail.policy AS y (project_id, relate, supersede)
    VALUES (id, coalesce(set_policy.relate, false), coalesce(set_policy.supersede, false))
    ON CONFLICT (project_id) DO UPDATE SET relate = coalesce(set_policy.relate, y.relate),
                                           supersede = coalesce(set_policy.supersede, y.supersede)
    RETURNING * INTO policy;
    RETURN policy;
END
$$;
