-- _patchmail.place_comment(comment, parent_id, facts): makes a mail a comment on that patch or cover letter.
-- Takes    the comment's ledger row, the ledger id of its parent, and its facts; without facts, an admin has moved or
--          deleted the comment, and it stays so.
-- Gives    the ledger row with its new place, for the caller to write; unchanged if somebody deleted the parent.
-- Rules    Nothing in the facts may make it fail: they may have waited, and then the mail that is being stored would
--          fail.
-- Touches  public.patchwork_patchcomment or _covercomment, _event, _patchtag.
CREATE OR REPLACE FUNCTION _patchmail.place_comment(comment patchmail.message, parent_id bigint, facts jsonb)
RETURNS patchmail.message LANGUAGE plpgsql AS $$
DECLARE
    patch     integer;
    cover     integer;
    tagged    boolean;
    addressed boolean := CASE WHEN facts ? 'addressed' THEN facts->>'addressed' = 'true'  -- it had a place before
                              WHEN facts->'hints'->>'action_required' = 'true' THEN false END;
BEGIN
    IF facts IS NULL THEN
        comment.parent_id := place_comment.parent_id;
        RETURN comment;
    END IF;
    SELECT p.id, c.id, project.use_tags INTO patch, cover, tagged
      FROM patchmail.message m
      JOIN public.patchwork_project project ON project.id = m.project_id
      LEFT JOIN public.patchwork_patch p ON p.id = m.patch_id
      LEFT JOIN public.patchwork_cover c ON c.id = m.cover_id
     WHERE m.id = place_comment.parent_id;
    IF patch IS NOT NULL THEN
        INSERT INTO public.patchwork_patchcomment (msgid, date, headers, content, patch_id, submitter_id, addressed)
        VALUES (comment.msgid, _patchmail.to_patchwork(comment.date), coalesce(facts->>'headers', ''),
                facts->>'content', patch, comment.submitter_id, addressed)
        RETURNING id INTO comment.patchcomment_id;
        IF tagged THEN
            PERFORM _patchmail.count_tags(ARRAY[patch], ARRAY[facts->>'content']);
        END IF;
    ELSIF cover IS NOT NULL THEN
        INSERT INTO public.patchwork_covercomment (msgid, date, headers, content, cover_id, submitter_id, addressed)
        VALUES (comment.msgid, _patchmail.to_patchwork(comment.date), coalesce(facts->>'headers', ''),
                facts->>'content', cover, comment.submitter_id, addressed)
        RETURNING id INTO comment.covercomment_id;
        IF tagged AND pg_relation_size('patchmail.policy') > 0 THEN
            PERFORM _patchmail.recount_series_tags(ARRAY[cover]);
        END IF;
    END IF;
    IF patch IS NOT NULL OR cover IS NOT NULL THEN
        comment.parent_id := place_comment.parent_id;
        comment.waiting := NULL;
        INSERT INTO public.patchwork_event (category, date, project_id, patch_id, cover_id,
                                            patch_comment_id, cover_comment_id)
        VALUES (CASE WHEN patch IS NOT NULL THEN 'patch' ELSE 'cover' END || '-comment-created',
                _patchmail.event_date(comment.project_id, 1,
                                       CASE WHEN comment.transport = 'history' THEN comment.date END),
                comment.project_id, patch, cover, comment.patchcomment_id, comment.covercomment_id);
    END IF;
    RETURN comment;
END
$$;
