-- patchmail.thread_leads(thread): the leads of the series of a thread, as patchmail.rederive needs them.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.thread_leads(thread bigint)
RETURNS patchmail.message[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(l), '{}')
      FROM (SELECT DISTINCT m.series_id FROM patchmail.message m
             WHERE m.thread = $1 AND m.number IS NOT NULL AND m.series_id IS NOT NULL) s,
           LATERAL patchmail.series_lead(s.series_id, $1) l;
$$;
