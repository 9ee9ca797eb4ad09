-- patchmail.recount_tags(patch_id): counts the tags of a patch and all its comments anew, after a comment moved.
-- Rules    Only in projects with use_tags.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION patchmail.recount_tags(patch_id integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT project.use_tags FROM public.patchwork_patch p
          JOIN public.patchwork_project project ON project.id = p.project_id WHERE p.id = recount_tags.patch_id) THEN
        DELETE FROM public.patchwork_patchtag t WHERE t.patch_id = recount_tags.patch_id;
        PERFORM patchmail.count_tags(recount_tags.patch_id, x.content)
           FROM (SELECT p.content FROM public.patchwork_patch p WHERE p.id = recount_tags.patch_id
                 UNION ALL
                 SELECT c.content FROM public.patchwork_patchcomment c WHERE c.patch_id = recount_tags.patch_id) x;
    END IF;
END
$$;
