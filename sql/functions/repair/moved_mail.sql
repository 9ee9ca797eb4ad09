-- _patchmail.moved_mail(thread): the patches and cover letters of a thread that an admin put where they are.
-- Gives    the ledger ids of those that are pinned, or whose rows are not where the ledger has them; none that
--          Patchwork stored itself, and none that was deleted.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.moved_mail(thread bigint)
RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT m.id
          FROM patchmail.message m
          LEFT JOIN public.patchwork_patch p ON p.id = m.patch_id
          LEFT JOIN public.patchwork_cover c ON c.id = m.cover_id
          LEFT JOIN public.patchwork_series s ON s.cover_letter_id = c.id
         WHERE m.thread = $1 AND NOT m.adopted AND num_nonnulls(p.id, c.id) > 0
           AND (m.pinned OR m.number IS DISTINCT FROM 0 AND p.series_id IS DISTINCT FROM m.series_id
                OR m.kind = 'cover' AND s.id IS DISTINCT FROM m.series_id
                   AND _patchmail.leads_by_ledger(m))
         ORDER BY m.id);
$$;
