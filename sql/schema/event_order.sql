-- The order in which events were committed: who has read up to a position has seen every event before it.  Patchwork
-- numbers its events when they are written, and a transaction may be committed long after that.
-- Filled by a trigger on public.patchwork_event (functions/event/order_event.sql), also for Patchwork's own events.

CREATE TABLE patchmail.event_order (
    -- rises with the commits; there are gaps; of history: -event_id
    position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id  integer NOT NULL  -- in public.patchwork_event; no foreign key: Patchwork may delete its events
);
