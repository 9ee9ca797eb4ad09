-- _patchmail.explain_revisions(pairs, changed): why a policy changes patches, and why it leaves others.
-- Takes    what _patchmail.follow_policy found, and the ids of the patches that it changed.
-- Gives    a row for each of these, and for each open patch of a series that another one replaces: its id, the newest
--          series that is the reason, whether it is changed, and why in words.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.explain_revisions(pairs jsonb, changed integer[])
RETURNS TABLE (patch_id integer, series_id integer, changes boolean, why text) LANGUAGE sql STABLE AS $$
    WITH pair AS MATERIALIZED (
        SELECT d.*, h.date, _patchmail.series_called(h.id) AS head,
               format('%sknown by %s', 'through series ' || nullif(d.newer_id, h.id) || ', ', d.evidence) AS how
          FROM jsonb_to_recordset($1) d (head_id integer, newer_id integer, former_id integer, evidence text,
                                         hindrance text, replaced integer[])
          JOIN public.patchwork_series h ON h.id = d.head_id
    ), patch AS (
        SELECT p.id, p.series_id, p.id = ANY ($2) AS changes
          FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id
         WHERE p.id = ANY ($2)
            OR s.action_required AND p.series_id IN (SELECT r.former_id FROM pair r)
    )
    SELECT DISTINCT ON (p.id) p.id, r.head_id, p.changes,
           CASE WHEN p.changes AND r.hindrance IS NOT NULL
                    THEN format('%s replaces this patch alone; %s', r.head, r.how)
                WHEN p.changes THEN format('%s is complete; %s', r.head, r.how)
                WHEN r.hindrance IS NOT NULL THEN format('%s replaces it, but %s; %s', r.head, r.hindrance, r.how)
                WHEN NOT EXISTS (SELECT FROM public.patchwork_state s WHERE s.slug = 'superseded')
                    THEN 'there is no state "superseded"'
                ELSE format('%s is complete, but somebody opened this one again', r.head) END
      FROM patch p JOIN pair r ON r.former_id = p.series_id OR p.changes AND r.newer_id = p.series_id
     ORDER BY p.id, r.hindrance IS NULL DESC, p.id = ANY (r.replaced) IS TRUE DESC, r.former_id = p.series_id DESC,
              r.date DESC, r.head_id DESC, r.newer_id = r.head_id DESC;
$$;
