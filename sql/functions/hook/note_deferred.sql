-- _patchmail.note_deferred(function, actor, event, after): writes into patchmail.audit what an admin did to an event
-- that is set aside for a hook.
-- Takes    the function's name; the user of Patchwork, or NULL; the row as it was; what is changed of it, or NULL.
-- Gives    the row of the audit: its object is the event, or of one that was deleted, nothing.
-- Touches  patchmail.audit.
CREATE OR REPLACE FUNCTION _patchmail.note_deferred(function text, actor text, event patchmail.deferred_event,
                                                    after jsonb)
RETURNS patchmail.audit LANGUAGE sql AS $$
    SELECT n.* FROM (SELECT max(e.id) AS id, max(e.project_id) AS project_id
                       FROM patchmail.event_order o JOIN public.patchwork_event e ON e.id = o.event_id
                      WHERE o.position = $3.position) e,
           LATERAL _patchmail.note_change($1, $2, e.project_id, 'event', e.id, to_jsonb($3) - 'next_try',
                                          jsonb_build_object('hook', $3.hook, 'position', $3.position) || $4) n;
$$;
