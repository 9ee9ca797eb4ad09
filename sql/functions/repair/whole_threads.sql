-- _patchmail.whole_threads(threads): all threads that some threads hang together with.
-- Gives    these threads, and those that have a part of a series of theirs, because an admin put it there.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.whole_threads(threads bigint[])
RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE whole (thread) AS (
        SELECT unnest($1)
        UNION
        SELECT o.thread
          FROM whole w
          JOIN patchmail.message m ON m.thread = w.thread
         CROSS JOIN LATERAL (
               SELECT p.series_id FROM public.patchwork_patch p WHERE p.id = m.patch_id
               UNION ALL
               SELECT s.id FROM public.patchwork_series s WHERE s.cover_letter_id = m.cover_id) s (id)
         CROSS JOIN LATERAL _patchmail.series_messages(s.id) o)
    SELECT ARRAY(SELECT w.thread FROM whole w ORDER BY w.thread);
$$;
