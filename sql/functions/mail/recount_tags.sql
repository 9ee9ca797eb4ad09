-- _patchmail.recount_tags(patches): counts the tags of patches and all their comments anew.
-- Takes    ids of patches, or one.
-- Rules    Only in projects with use_tags.  If the policy of the project has cover_trailers, the comments on the cover
--          letter of its series count for a patch too.  What was counted of a tag whose pattern ran away stays.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION _patchmail.recount_tags(patches integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH patch AS MATERIALIZED (
        SELECT p.id, p.content, CASE WHEN y.cover_trailers THEN s.cover_letter_id END AS cover_id
          FROM public.patchwork_patch p
          JOIN public.patchwork_project project ON project.id = p.project_id AND project.use_tags
          LEFT JOIN patchmail.policy y ON y.project_id = p.project_id
          LEFT JOIN public.patchwork_series s ON s.id = p.series_id
         WHERE p.id = ANY (patches)
    ), said AS (
        SELECT p.id, p.content FROM patch p
        UNION ALL
        SELECT p.id, c.content FROM patch p JOIN public.patchwork_patchcomment c ON c.patch_id = p.id
        UNION ALL
        SELECT p.id, c.content FROM patch p JOIN public.patchwork_covercomment c ON c.cover_id = p.cover_id
    ), counted AS MATERIALIZED (
        SELECT s.id AS patch_id, tag.id AS tag_id,
               sum(_patchmail.count_tag(s.content, tag.id, tag.pattern::text)) AS count
          FROM said s, public.patchwork_tag tag GROUP BY s.id, tag.id
    ), gone AS (
        DELETE FROM public.patchwork_patchtag t USING patch p
         WHERE t.patch_id = p.id AND t.tag_id NOT IN (SELECT r.object_id FROM patchmail.runaway r WHERE r.kind = 'tag')
           AND NOT EXISTS (SELECT FROM counted c WHERE c.patch_id = t.patch_id
                            AND c.tag_id = t.tag_id AND c.count > 0)
    )
    INSERT INTO public.patchwork_patchtag AS t (patch_id, tag_id, count)
    SELECT c.patch_id, c.tag_id, c.count FROM counted c WHERE c.count > 0
    ON CONFLICT ON CONSTRAINT patchwork_patchtag_patch_id_tag_id_5ddba498_uniq
    DO UPDATE SET count = excluded.count WHERE t.count <> excluded.count;
END
$$;

CREATE OR REPLACE FUNCTION _patchmail.recount_tags(patch_id integer)
RETURNS void LANGUAGE sql AS $$
    SELECT _patchmail.recount_tags(ARRAY[patch_id]);
$$;
