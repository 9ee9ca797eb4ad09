-- _patchmail.order_event(): gives an event its place in the order of the commits, and tells whoever listens.
-- Called   by the trigger patchmail_event, for each new event and whoever wrote it, when its transaction is about to be
--          committed.
-- Rules    Positions are taken under a lock that ends after the commit, when others see it.  So whoever sees a position
--          sees all that are lower, or never will: those transactions failed.  pg_notify takes such a lock of its own
--          in any case; both are held for the commit alone.
--          LISTEN patchmail gets one notification a transaction, without a payload.  If somebody listens and does not
--          read, until half of PostgreSQL's queue is full, nobody is told until he does; mail goes on.
--          An event of history (_patchmail.begin_history) has its id as a position below 0, where nobody looks; it
--          excludes nobody, and nobody is told.
-- Touches  patchmail.event_order.
-- Locks    all other transactions that commit events.
-- Speed    One statement whose constants have their types: each statement more, and each operator that has to be looked
--          for, costs a new session 1 % of what storing a mail costs.
CREATE OR REPLACE FUNCTION _patchmail.order_event()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    IF current_setting(text 'patchmail.history', true) IS NOT NULL THEN
        IF NEW.date < _patchmail.history_began() + interval '1 second' THEN
            INSERT INTO patchmail.event_order (position, event_id) OVERRIDING SYSTEM VALUE VALUES (-NEW.id, NEW.id);
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO patchmail.event_order (event_id)
    SELECT NEW.id
     WHERE pg_advisory_xact_lock(hashtext(text 'patchmail.event'), 0) IS NOT NULL
       AND CASE WHEN pg_notification_queue_usage() < float8 '0.5'
                THEN pg_notify(text 'patchmail', text '') IS NOT NULL ELSE true END;
    RETURN NULL;
END
$$;

-- The events that are there already come first, in the order of their ids.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger t
                    WHERE t.tgrelid = 'public.patchwork_event'::regclass AND t.tgname = 'patchmail_event') THEN
        PERFORM _patchmail.watch_events();
        INSERT INTO patchmail.event_order (event_id)
        SELECT e.id FROM public.patchwork_event e
         WHERE NOT EXISTS (SELECT FROM patchmail.event_order o WHERE o.event_id = e.id) ORDER BY e.id;
    END IF;
END
$$;
