-- _patchmail.sibling_projects(projects): the projects in which the answers to these projects' mail may be.
-- Gives    the ids, in order, of those that share a list with one of these, and of those from which an admin moved mail
--          to one of these.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.sibling_projects(projects integer[])
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT o.id FROM public.patchwork_project o
                  WHERE o.listid IN (SELECT p.listid FROM public.patchwork_project p WHERE p.id = ANY (projects))
                     OR EXISTS (SELECT FROM patchmail.removed r
                                 WHERE r.project_id = o.id AND r.to_project_id = ANY (projects))
                  ORDER BY o.id);
END
$$;
