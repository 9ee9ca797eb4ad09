-- patchmail.renew_lead(series_id, former, dependents): gives a series the lead that it has now.
-- Takes    the series; the ledger row of the lead that it had; what patchmail.take_dependencies gave before there was
--          another, since the lead says whose word on them counts.
-- Touches  through patchmail.change_series and patchmail.write_dependencies.
CREATE OR REPLACE FUNCTION patchmail.renew_lead(series_id integer, former patchmail.message, dependents bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM patchmail.change_series(series_id, former, patchmail.series_lead(series_id, former.thread));
    IF dependents IS NOT NULL THEN
        PERFORM patchmail.write_dependencies(dependents);
    END IF;
END
$$;
