-- _patchmail.worked_on(stored): what people or programs have done to a mail that would be lost with its row in
-- Patchwork's tables.
-- Takes    its ledger row.
-- Gives    that in words, NULL for nothing.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.worked_on(stored patchmail.message)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT w.words
      FROM (VALUES
        (NOT _patchmail.may_withdraw(stored), 'Patchwork stored it, or what is on it is not ours to take'),
        (stored.pinned, 'an admin gave it its place'),
        (EXISTS (SELECT FROM public.patchwork_check c WHERE c.patch_id = stored.patch_id), 'it has checks'),
        (EXISTS (SELECT FROM public.patchwork_bundlepatch b WHERE b.patch_id = stored.patch_id), 'it is in a bundle'),
        (EXISTS (SELECT FROM public.patchwork_event e
                  WHERE (e.patch_id = stored.patch_id OR e.cover_id = stored.cover_id
                         OR e.patch_comment_id = stored.patchcomment_id
                         OR e.cover_comment_id = stored.covercomment_id)
                    AND e.actor_id IS NOT NULL), 'somebody has worked on it'),
        (EXISTS (SELECT FROM public.patchwork_patch p
                  WHERE p.id = stored.patch_id AND (p.archived OR p.commit_ref IS NOT NULL)),
         'it is archived or applied'),
        (EXISTS (SELECT FROM public.patchwork_patchcomment c WHERE c.patch_id = stored.patch_id
                    AND NOT EXISTS (SELECT FROM patchmail.message m
                                     WHERE m.parent_id = stored.id AND m.patchcomment_id = c.id))
         OR EXISTS (SELECT FROM public.patchwork_covercomment c WHERE c.cover_id = stored.cover_id
                       AND NOT EXISTS (SELECT FROM patchmail.message m
                                        WHERE m.parent_id = stored.id AND m.covercomment_id = c.id)),
         'somebody has put a comment there'),
        (stored.kind = 'comment' AND EXISTS (
            SELECT FROM patchmail.message parent
              LEFT JOIN public.patchwork_patchcomment k ON k.id = stored.patchcomment_id
              LEFT JOIN public.patchwork_covercomment l ON l.id = stored.covercomment_id
             WHERE parent.id = stored.parent_id
               AND (k.patch_id, l.cover_id) IS DISTINCT FROM (
                    CASE WHEN k.id IS NOT NULL THEN parent.patch_id END,
                    CASE WHEN l.id IS NOT NULL THEN parent.cover_id END)), 'somebody has moved it')) w (is_so, words)
     WHERE w.is_so LIMIT 1;
$$;
