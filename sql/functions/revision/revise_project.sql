-- _patchmail.revise_project(policy, since, actor_id): does what a policy says about all series of a project.
-- Takes    the policy; from which date on series count as new ones, or NULL: all; in whose name, or NULL.
-- Gives    what _patchmail.revise_from gives of each series, which finds some pairs more than once.
-- Rules    It takes the series in the order in which they were sent, each with what it replaces: that is what
--          _patchmail.revise_series comes to, which looks for the newer ones too.
-- Touches  through _patchmail.revise_from.
CREATE OR REPLACE FUNCTION _patchmail.revise_project(policy patchmail.policy, since timestamptz, actor_id integer)
RETURNS TABLE (head_id integer, newer_id integer, former_id integer, evidence text, hindrance text,
               replaced integer[])
LANGUAGE plpgsql AS $$
DECLARE
    series integer;
BEGIN
    FOR series IN
        SELECT s.id FROM public.patchwork_series s
         WHERE s.project_id = policy.project_id AND (since IS NULL OR s.date >= _patchmail.to_patchwork(since))
         ORDER BY s.date, s.id
    LOOP
        RETURN QUERY SELECT r.* FROM _patchmail.revise_from(ARRAY[series], policy, actor_id) r;
    END LOOP;
END
$$;
