-- _patchmail.series_leads(series, thread): the leads of some series of a thread, for _patchmail.renew_leads.
-- Takes    ids, which may be repeated or NULL.
-- Gives    their ledger rows; none for a series without a lead (_patchmail.series_lead).
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_leads(series integer[], thread bigint)
RETURNS patchmail.message[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT l
                   FROM (SELECT DISTINCT u.id FROM unnest(series) u(id)) s,
                        LATERAL _patchmail.series_lead(s.id, series_leads.thread) l
                  WHERE l.id IS NOT NULL);
END
$$;
