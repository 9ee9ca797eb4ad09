-- _patchmail.stored_texts(stored): what Patchwork's row of a mail has of its texts, or the facts with which it waits.
-- Takes    its ledger row.
-- Gives    one row; none if somebody deleted Patchwork's.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.stored_texts(stored patchmail.message)
RETURNS TABLE (name text, headers text, content text, diff text, hash text, pull_url text, addressed boolean)
LANGUAGE sql STABLE AS $$
    SELECT p.name::text, p.headers, p.content, p.diff, p.hash::text, p.pull_url::text, NULL::boolean
      FROM public.patchwork_patch p WHERE p.id = stored.patch_id
    UNION ALL
    SELECT c.name, c.headers, c.content, NULL, NULL, NULL, NULL
      FROM public.patchwork_cover c WHERE c.id = stored.cover_id
    UNION ALL
    SELECT NULL, c.headers, c.content, NULL, NULL, NULL, c.addressed
      FROM public.patchwork_patchcomment c WHERE c.id = stored.patchcomment_id
    UNION ALL
    SELECT NULL, c.headers, c.content, NULL, NULL, NULL, c.addressed
      FROM public.patchwork_covercomment c WHERE c.id = stored.covercomment_id
    UNION ALL
    SELECT NULL, stored.waiting->>'headers', stored.waiting->>'content', NULL, NULL, NULL,
           CASE WHEN stored.waiting ? 'addressed' THEN (stored.waiting->>'addressed')::boolean
                WHEN stored.waiting->'hints'->>'action_required' = 'true' THEN false END
     WHERE stored.waiting IS NOT NULL;
$$;
