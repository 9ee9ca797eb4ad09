-- _patchmail.renew_leads(former, thread): gives series the leads that they have now.
-- Takes    the ledger rows of the leads that they had before members came or went, or anchors or verdicts changed.
-- Touches  through _patchmail.change_series.
CREATE OR REPLACE FUNCTION _patchmail.renew_leads(former patchmail.message[], thread bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    old  patchmail.message;
    lead patchmail.message;
BEGIN
    FOREACH old IN ARRAY former LOOP
        lead := _patchmail.series_lead(old.series_id, thread);
        IF lead.id IS NOT NULL THEN
            PERFORM _patchmail.change_series(old.series_id, old, lead);
        END IF;
    END LOOP;
END
$$;
