-- _patchmail.recount_tags(patch_id): counts the tags of a patch and all its comments anew.
-- Rules    Only in projects with use_tags.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION _patchmail.recount_tags(patch_id integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT project.use_tags FROM public.patchwork_patch p
          JOIN public.patchwork_project project ON project.id = p.project_id WHERE p.id = recount_tags.patch_id) THEN
        DELETE FROM public.patchwork_patchtag t WHERE t.patch_id = recount_tags.patch_id;
        INSERT INTO public.patchwork_patchtag (patch_id, tag_id, count)
        SELECT recount_tags.patch_id, tag.id, sum(_patchmail.tag_count(x.content, tag.pattern))
          FROM (SELECT p.content FROM public.patchwork_patch p WHERE p.id = recount_tags.patch_id
                 UNION ALL
                SELECT c.content FROM public.patchwork_patchcomment c WHERE c.patch_id = recount_tags.patch_id) x,
               public.patchwork_tag tag
         GROUP BY tag.id HAVING sum(_patchmail.tag_count(x.content, tag.pattern)) > 0;
    END IF;
END
$$;
