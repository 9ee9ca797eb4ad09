-- patchmail.projects_digest(): which mail has a project, in a few characters.
-- Gives    another text when a project comes or goes, or its list or its pattern of subjects is another one.
-- Why      Mail that had no project is ignored, and nothing of it is kept.  Whoever goes on where he left an archive
--          would never read it again; so he begins anew if this has changed.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.projects_digest()
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT left(encode(sha256(convert_to(coalesce(jsonb_agg(jsonb_build_array(p.id, p.listid, p.subject_match)
                                                            ORDER BY p.id)::text, ''), 'UTF8')), 'hex'), 12)
      FROM public.patchwork_project p;
$$;
COMMENT ON FUNCTION patchmail.projects_digest() IS
    'For patchmaild: changes when mail may belong to another project.';
