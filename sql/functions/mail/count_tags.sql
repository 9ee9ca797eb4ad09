-- _patchmail.count_tags(patches, contents): adds the tags of texts to those of patches.
-- Takes    patches, and as many texts: of each patch itself, or of a new comment on it.
-- Rules    A tag counts as often as _patchmail.count_tag says; one that does not occur has no row.
-- Touches  public.patchwork_patchtag.
-- Speed    Of several texts it first looks whether any tag occurs, if no pattern says otherwise what the others mean (a
--          back reference, an option).  A pattern without a back reference cannot run away, and most texts have no tag:
--          those are not given to _patchmail.count_tag, which begins a subtransaction.
CREATE OR REPLACE FUNCTION _patchmail.count_tags(patches integer[], contents text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    any_tag text := '';  -- what holds for a text that has any tag, if that can be said in one expression
BEGIN
    IF cardinality(patches) > 1 THEN
        any_tag := _patchmail.any_tag();
    END IF;
    INSERT INTO public.patchwork_patchtag AS t (patch_id, tag_id, count)
    SELECT x.patch_id, x.tag_id, x.count
      FROM (SELECT n.patch_id, tag.id AS tag_id,
                   sum(_patchmail.count_tag(n.content, tag.id, tag.pattern::text)) AS count
              FROM public.patchwork_tag tag, (
                   SELECT u.* FROM unnest(patches, contents) AS u(patch_id, content)
                    WHERE u.content ~ any_tag OFFSET 0) n
             WHERE CASE WHEN tag.pattern::text ~ '\\[1-9]' THEN true
                        ELSE n.content ~ ('(?in)' || tag.pattern::text) END
             GROUP BY n.patch_id, tag.id OFFSET 0) x
     WHERE x.count > 0
    ON CONFLICT ON CONSTRAINT patchwork_patchtag_patch_id_tag_id_5ddba498_uniq
    DO UPDATE SET count = t.count + excluded.count;
END
$$;
