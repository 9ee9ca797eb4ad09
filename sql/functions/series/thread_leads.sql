-- patchmail.thread_leads(thread): the leads of the series of a thread, as patchmail.rederive needs them.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.thread_leads(thread bigint)
RETURNS patchmail.message[] LANGUAGE sql STABLE AS $$
    SELECT patchmail.series_leads(ARRAY(SELECT m.series_id FROM patchmail.message m
                                         WHERE m.thread = $1 AND m.number IS NOT NULL), $1);
$$;
