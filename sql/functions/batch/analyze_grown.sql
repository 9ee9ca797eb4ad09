-- _patchmail.analyze_grown(): has the tables that mail is stored in analyzed if the ledger has grown much since that
-- was done last.
-- Rules    A session keeps its plans.  One that was made when the tables were almost empty may read a whole index where
--          another one reads one row, because both cost the same then.  ANALYZE ends such plans.  Autovacuum's comes
--          once a minute at most, in which an import stores 50,000 mails.
--          Tables of other owners are left to them; so are those that somebody else works at.
-- Touches  the planner's statistics.
-- Locks    the tables, as ANALYZE does; it waits for no lock.
CREATE OR REPLACE FUNCTION _patchmail.analyze_grown()
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pages CONSTANT bigint := pg_relation_size('patchmail.message') / current_setting('block_size')::integer;
    grown regclass;
BEGIN
    IF pages <= 4 * greatest((SELECT c.relpages FROM pg_class c WHERE c.oid = 'patchmail.message'::regclass), 4) THEN
        RETURN;
    END IF;
    FOR grown IN
        SELECT c.oid FROM pg_class c
         WHERE c.oid IN ('patchmail.message'::regclass, 'patchmail.reference'::regclass,
                         'patchmail.authentication'::regclass, 'patchmail.event_order'::regclass,
                         'public.patchwork_patch'::regclass, 'public.patchwork_cover'::regclass,
                         'public.patchwork_series'::regclass, 'public.patchwork_person'::regclass,
                         'public.patchwork_patchcomment'::regclass, 'public.patchwork_covercomment'::regclass,
                         'public.patchwork_patchtag'::regclass, 'public.patchwork_event'::regclass)
           AND pg_has_role(c.relowner, 'USAGE')
         ORDER BY c.oid
    LOOP
        BEGIN
            EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE NOWAIT', grown);
            EXECUTE format('ANALYZE %s', grown);
        EXCEPTION WHEN lock_not_available THEN
        END;
    END LOOP;
END
$$;
