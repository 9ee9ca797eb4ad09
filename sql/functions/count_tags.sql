-- patchmail.count_tags(patch_id, content): adds the tags of a text to those of a patch.
-- Takes    the patch, and the text of the patch or of a new comment on it.
-- Rules    A tag counts as often as its pattern occurs, ignoring case, ^ and $ at lines; a tag that does not occur
--          has no row.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION patchmail.count_tags(patch_id integer, content text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    tag record;
    n   integer;
BEGIN
    FOR tag IN SELECT t.id, t.pattern FROM public.patchwork_tag t WHERE content ~ ('(?in)' || t.pattern) LOOP
        SELECT count(*) INTO n FROM regexp_matches(content, tag.pattern, 'gin');
        INSERT INTO public.patchwork_patchtag AS t (patch_id, tag_id, count)
        VALUES (count_tags.patch_id, tag.id, n)
        ON CONFLICT ON CONSTRAINT patchwork_patchtag_patch_id_tag_id_5ddba498_uniq
        DO UPDATE SET count = t.count + excluded.count;
    END LOOP;
END
$$;
