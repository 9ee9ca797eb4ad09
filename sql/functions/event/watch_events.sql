-- _patchmail.watch_events(): has every new event given its place, by the trigger patchmail_event.
-- Called   by the installation, and by patchmail.repair() if the trigger was dropped or is disabled.
-- Touches  the triggers of public.patchwork_event.
-- Locks    public.patchwork_event against writing.
CREATE OR REPLACE FUNCTION _patchmail.watch_events()
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_trigger t
                WHERE t.tgrelid = 'public.patchwork_event'::regclass AND t.tgname = 'patchmail_event') THEN
        ALTER TABLE public.patchwork_event ENABLE TRIGGER patchmail_event;
    ELSE
        CREATE CONSTRAINT TRIGGER patchmail_event AFTER INSERT ON public.patchwork_event
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION _patchmail.order_event();
    END IF;
END
$$;
