-- patchmail.count_tags(patch_id, content): adds the tags of a text to those of a patch.
-- Takes    the patch, and the text of the patch or of a new comment on it.
-- Rules    A tag counts as often as patchmail.tag_count says; one that does not occur has no row.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION patchmail.count_tags(patch_id integer, content text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_patchtag AS t (patch_id, tag_id, count)
    SELECT count_tags.patch_id, n.id, n.count
      FROM (SELECT tag.id, patchmail.tag_count(content, tag.pattern) AS count FROM public.patchwork_tag tag OFFSET 0) n
     WHERE n.count > 0
    ON CONFLICT ON CONSTRAINT patchwork_patchtag_patch_id_tag_id_5ddba498_uniq
    DO UPDATE SET count = t.count + excluded.count;
END
$$;
