-- _patchmail.thread_series(thread): the series of a thread's mail, by Patchwork's rows and by the ledger.
-- Gives    the ids of those that are there.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.thread_series(thread bigint)
RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT s.id
          FROM (SELECT m.series_id FROM patchmail.message m WHERE m.thread = $1
                UNION
                SELECT p.series_id FROM patchmail.message m JOIN public.patchwork_patch p ON p.id = m.patch_id
                 WHERE m.thread = $1
                UNION
                SELECT s.id FROM patchmail.message m JOIN public.patchwork_series s ON s.cover_letter_id = m.cover_id
                 WHERE m.thread = $1) x (id)
          JOIN public.patchwork_series s ON s.id = x.id
         ORDER BY s.id);
$$;
