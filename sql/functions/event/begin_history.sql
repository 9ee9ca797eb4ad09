-- _patchmail.begin_history(): from here to the end of the transaction, mail of transport "history" makes events that
-- nobody is told of.
-- Why      Who imports a list's archive wants the log that Patchwork would have had, and no CI to test ten years of
--          patches.  So events of that mail are dated as the mail is: whoever polls Patchwork's API for what is newer
--          than the last date he saw has seen those dates already.  And _patchmail.order_event puts them below all
--          positions.
-- Rules    What came otherwise is told of as ever: a series that such mail completes of which a part came live, and a
--          reply that came live and waited for such mail.
-- Touches  the setting patchmail.history of the transaction: the instant, as Patchwork writes it, before which events
--          are of history.  Whoever sets it in a session of his own hides what he himself writes.
CREATE OR REPLACE FUNCTION _patchmail.begin_history()
RETURNS void LANGUAGE sql AS $$
    SELECT set_config('patchmail.history', extract(epoch FROM _patchmail.patchwork_time(clock_timestamp())
                                                              - interval '1 second')::text, true);
$$;
