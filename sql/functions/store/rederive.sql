-- _patchmail.rederive(thread, former, dependents): brings the series of a thread in line after a message has left it or
-- the verdict on one has changed.
-- Takes    the thread; the ledger rows of the leads that its series had before the change; what
--          _patchmail.take_dependencies gave before it.
-- Touches  public.patchwork_series, _patch (series_id), _event, _series_dependencies; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.rederive(thread bigint, former patchmail.message[], dependents bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    derived record;
    moved   record;
BEGIN
    PERFORM _patchmail.forget_people(thread);
    derived := _patchmail.derive_series(thread);
    moved := _patchmail.move_series(thread, '{}', derived.ids, derived.series, derived.placed, former);
    PERFORM _patchmail.renew_leads(moved.former, thread);
    PERFORM _patchmail.settle_series(s.id, thread)
       FROM (SELECT unnest(moved.touched) UNION SELECT f.series_id FROM unnest(moved.former) f) s(id);
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
END
$$;
