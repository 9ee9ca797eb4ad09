-- patchmail.rederive(thread, former, dependents): brings the series of a thread in line after a message left it or the
-- verdict on one became another.
-- Takes    the thread; the ledger rows of the leads that its series had before; what patchmail.take_dependencies gave
--          before.
-- Touches  public.patchwork_series, _patch (series_id), _event, _series_dependencies; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION patchmail.rederive(thread bigint, former patchmail.message[], dependents bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    derived record;
    old     patchmail.message;
    lead    patchmail.message;
BEGIN
    derived := patchmail.derive_series(thread);
    PERFORM patchmail.move_series(thread, NULL, derived.ids, derived.series, derived.placed);
    FOREACH old IN ARRAY former LOOP
        IF EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = old.series_id) THEN
            lead := patchmail.series_lead(old.series_id, thread);
            IF lead.id IS NOT NULL THEN
                PERFORM patchmail.change_series(old.series_id, old, lead);
            END IF;
            PERFORM patchmail.settle_series(old.series_id, thread);
        END IF;
    END LOOP;
    IF dependents IS NOT NULL THEN
        PERFORM patchmail.write_dependencies(dependents);
    END IF;
END
$$;
