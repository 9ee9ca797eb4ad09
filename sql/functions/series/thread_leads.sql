-- _patchmail.thread_leads(thread): the leads of the series of a thread, as _patchmail.rederive needs them.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.thread_leads(thread bigint)
RETURNS patchmail.message[] LANGUAGE sql STABLE AS $$
    SELECT _patchmail.series_leads(ARRAY(SELECT m.series_id FROM patchmail.message m
                                         WHERE m.thread = $1 AND m.number IS NOT NULL), $1);
$$;
