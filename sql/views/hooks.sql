-- patchmail.hooks: the receivers of events, and how far each was told.
--   behind     how many positions are after its own; it may want none of them;
--   oldest     when the first event was that it was not told of, or of those that are set aside;
--   failures   how often in a row its receiver failed with the first of them, for the reason, and when it is
--              tried next;
--   aside      how many events are set aside and tried again by themselves; dead: how many are no longer;
--   holder     the process that serves it, NULL if none does.
CREATE OR REPLACE VIEW patchmail.hooks AS
SELECT h.name AS hook, h.filter, h.position, greatest(n.position - h.position, 0) AS behind,
       least(a.oldest, (SELECT _patchmail.from_patchwork(e.date)
                          FROM patchmail.event_order o JOIN public.patchwork_event e ON e.id = o.event_id
                         WHERE o.position > h.position ORDER BY o.position LIMIT 1)) AS oldest,
       h.attempts AS failures, _patchmail.printable(coalesce(h.reason, a.reason), 400) AS reason,
       coalesce(h.next_try, a.next_try) AS next_try, a.aside, a.dead,
       CASE WHEN h.held_until > clock_timestamp() THEN _patchmail.printable(h.holder) END AS holder, h.last_delivered
  FROM patchmail.hook h, (SELECT greatest(max(o.position), 0) FROM patchmail.event_order o) n (position), LATERAL (
       SELECT count(*) FILTER (WHERE NOT d.dead) AS aside, count(*) FILTER (WHERE d.dead) AS dead,
              min(d.next_try) FILTER (WHERE NOT d.dead) AS next_try,
              (SELECT l.reason FROM patchmail.deferred_event l WHERE l.hook = h.name
                ORDER BY l.position DESC LIMIT 1) AS reason,
              (SELECT _patchmail.from_patchwork(e.date)
                 FROM patchmail.event_order o JOIN public.patchwork_event e ON e.id = o.event_id
                WHERE o.position = min(d.position)) AS oldest
         FROM patchmail.deferred_event d WHERE d.hook = h.name) a
 ORDER BY h.name;
COMMENT ON VIEW patchmail.hooks IS
    'The receivers of events: how far each was told, and what it did not take.';
