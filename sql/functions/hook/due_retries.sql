-- _patchmail.due_retries(place, most): which of the events that are set aside for a hook are tried again now.
-- Takes    the hook, and how many at most.
-- Gives    their positions, first those that have been due for longest.
-- Rules    It looks at 100 of them at most.  While they fail they come one by one, with pauses.  Those that were
--          deleted meanwhile are forgotten.
-- Touches  patchmail.deferred_event.
CREATE OR REPLACE FUNCTION _patchmail.due_retries(place patchmail.hook, most integer)
RETURNS bigint[] LANGUAGE sql AS $$
    WITH due AS MATERIALIZED (
        SELECT d.position, d.next_try,
               EXISTS (SELECT FROM patchmail.event_order o JOIN public.patchwork_event e ON e.id = o.event_id
                        WHERE o.position = d.position) AS there
          FROM patchmail.deferred_event d
         WHERE d.hook = $1.name AND NOT d.dead AND d.next_try <= clock_timestamp()
           AND ($1.next_retry > clock_timestamp()) IS NOT TRUE
         ORDER BY d.next_try LIMIT 100
    ), gone AS (
        DELETE FROM patchmail.deferred_event d USING due u
         WHERE d.hook = $1.name AND d.position = u.position AND NOT u.there
    )
    SELECT ARRAY(SELECT u.position FROM due u WHERE u.there ORDER BY u.next_try
                  LIMIT CASE WHEN $1.retries_failed > 0 THEN least($2, 1) ELSE $2 END);
$$;
