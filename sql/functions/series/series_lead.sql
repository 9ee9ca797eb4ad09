-- _patchmail.series_lead(series_id, thread): the member from which a series has its date, author, version and name.
-- Gives    a ledger row, by the rules of _patchmail.lead_of; NULL if the series has no members in that thread.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_lead(series_id integer, thread bigint)
RETURNS patchmail.message LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN _patchmail.lead_of(ARRAY(
        SELECT m.id FROM patchmail.message m
         WHERE m.thread = series_lead.thread AND m.series_id = series_lead.series_id AND m.number IS NOT NULL));
END
$$;
