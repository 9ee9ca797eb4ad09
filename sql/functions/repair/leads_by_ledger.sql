-- _patchmail.leads_by_ledger(message): whether a cover letter would be that of the series that it was placed in.
-- Takes    its ledger row.
-- Gives    false if another one leads that series: then it has no place in a row of Patchwork's.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.leads_by_ledger(message patchmail.message)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (_patchmail.series_lead(message.series_id, message.thread)).id = message.id;
END
$$;
