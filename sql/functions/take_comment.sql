-- patchmail.take_comment(comment): takes a comment off the place that was derived for it, to be placed anew.
-- Takes    the comment's ledger row.
-- Gives    what patchmail.place_comment needs of its facts; NULL if an admin moved or deleted it: then it stays so.
-- Touches  public.patchwork_patchcomment or _covercomment with its event, _patchtag.
CREATE OR REPLACE FUNCTION patchmail.take_comment(comment patchmail.message)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    facts jsonb;
    patch integer;
BEGIN
    SELECT jsonb_build_object('headers', c.headers, 'content', c.content, 'addressed', c.addressed), c.patch_id
      INTO facts, patch
      FROM patchmail.message parent, LATERAL (
           SELECT k.headers, k.content, k.addressed, k.patch_id FROM public.patchwork_patchcomment k
            WHERE k.id = comment.patchcomment_id AND k.patch_id = parent.patch_id
            UNION ALL
           SELECT k.headers, k.content, k.addressed, NULL FROM public.patchwork_covercomment k
            WHERE k.id = comment.covercomment_id AND k.cover_id = parent.cover_id) c
     WHERE parent.id = comment.parent_id;
    IF facts IS NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.patchwork_event e
     WHERE e.patch_comment_id = comment.patchcomment_id OR e.cover_comment_id = comment.covercomment_id;
    DELETE FROM public.patchwork_covercomment k WHERE k.id = comment.covercomment_id;
    DELETE FROM public.patchwork_patchcomment k WHERE k.id = comment.patchcomment_id;
    IF patch IS NOT NULL THEN
        PERFORM patchmail.recount_tags(patch);
    END IF;
    RETURN facts;
END
$$;
