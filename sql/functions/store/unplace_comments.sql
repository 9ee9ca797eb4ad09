-- _patchmail.unplace_comments(ids): takes comments off their places: they wait for what they answer.
-- Takes    ledger ids of comments.
-- Rules    One that an admin moved or deleted, or that Patchwork stored itself, stays as it is.
--          A comment that waits has no person as its author, and names nobody (_patchmail.restore_people).
-- Touches  public.patchwork_patchcomment, _covercomment, _event, _patchtag, _person; patchmail.message.
CREATE OR REPLACE FUNCTION _patchmail.unplace_comments(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    bereft integer[];  -- patches that lost a comment
    covers integer[];  -- cover letters that did
    names  patchmail.message[];  -- the last comment of each person that may have given him his name
BEGIN
    names := ARRAY(
        SELECT DISTINCT ON (m.submitter_id) m
          FROM patchmail.message m
          JOIN public.patchwork_person p ON p.id = m.submitter_id AND p.name::text = m.author_name
         WHERE m.id = ANY (ids) AND m.kind = 'comment' AND NOT (m.adopted OR m.pinned) AND m.waiting IS NULL
         ORDER BY m.submitter_id, least(m.date, m.arrived) DESC);
    WITH comment AS MATERIALIZED (
        SELECT m.id, k.id AS patchcomment, l.id AS covercomment, k.patch_id, l.cover_id,
               _patchmail.waiting_facts(m.author_name, author.email, coalesce(k.headers, l.headers),
                                       coalesce(k.content, l.content), coalesce(k.addressed, l.addressed)) AS waiting
          FROM patchmail.message m
          JOIN public.patchwork_person author ON author.id = m.submitter_id
          JOIN patchmail.message parent ON parent.id = m.parent_id
          LEFT JOIN public.patchwork_patchcomment k ON k.id = m.patchcomment_id AND k.patch_id = parent.patch_id
          LEFT JOIN public.patchwork_covercomment l ON l.id = m.covercomment_id AND l.cover_id = parent.cover_id
         WHERE m.id = ANY (ids) AND m.kind = 'comment' AND NOT (m.adopted OR m.pinned) AND num_nonnulls(k.id, l.id) = 1
    ), unsaid AS (
        DELETE FROM public.patchwork_event e USING comment c
         WHERE e.patch_comment_id = c.patchcomment OR e.cover_comment_id = c.covercomment
    ), off_patches AS (
        DELETE FROM public.patchwork_patchcomment k USING comment c WHERE k.id = c.patchcomment
    ), off_covers AS (
        DELETE FROM public.patchwork_covercomment l USING comment c WHERE l.id = c.covercomment
    ), noted AS (
        UPDATE patchmail.message m
           SET waiting = c.waiting, submitter_id = 0, parent_id = NULL, patchcomment_id = NULL, covercomment_id = NULL
          FROM comment c WHERE m.id = c.id
        RETURNING c.patch_id, c.cover_id)
    SELECT array_agg(DISTINCT n.patch_id) FILTER (WHERE n.patch_id IS NOT NULL),
           array_agg(DISTINCT n.cover_id) FILTER (WHERE n.cover_id IS NOT NULL) INTO bereft, covers FROM noted n;
    PERFORM _patchmail.withdraw_name(n) FROM unnest(names) n;
    IF bereft IS NOT NULL THEN
        PERFORM _patchmail.recount_tags(bereft);
    END IF;
    IF covers IS NOT NULL THEN
        PERFORM _patchmail.recount_series_tags(covers);
    END IF;
END
$$;
