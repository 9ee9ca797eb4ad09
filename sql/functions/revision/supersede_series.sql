-- _patchmail.supersede_series(series_id, by_hand, actor_id): sets the open patches of a series to Superseded.
-- Takes    the series; whether an admin says so, and the user in whose name.
-- Rules    A patch is open if its state requires action.  Somebody opened a patch again that was Superseded before: it
--          stays open, unless an admin says so.  If there is no state "superseded", nothing is done.  If the project sends notifications,
--          submitters get theirs, as for a change by hand.
-- Touches  public.patchwork_patch (state_id), _event (patch-state-changed), _patchchangenotification.
CREATE OR REPLACE FUNCTION _patchmail.supersede_series(series_id integer, by_hand boolean DEFAULT false,
                                                       actor_id integer DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    event      timestamptz;  -- the date before that of the first event
    superseded integer := (SELECT s.id FROM public.patchwork_state s WHERE s.slug = 'superseded');
BEGIN
    event := _patchmail.event_date(s.project_id, 1)
        FROM public.patchwork_series s WHERE s.id = supersede_series.series_id;
    WITH open AS (
        SELECT p.id, p.project_id, p.state_id
          FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id
         WHERE p.series_id = supersede_series.series_id AND s.action_required
           AND (by_hand
                OR NOT EXISTS (SELECT FROM public.patchwork_event e
                                WHERE e.patch_id = p.id AND e.category = 'patch-state-changed'
                                  AND e.current_state_id = superseded))
    ), closed AS (
        UPDATE public.patchwork_patch p SET state_id = superseded
          FROM open o WHERE p.id = o.id AND superseded IS NOT NULL
        RETURNING o.*
    ), told AS (
        INSERT INTO public.patchwork_patchchangenotification (patch_id, last_modified, orig_state_id)
        SELECT c.id, event, c.state_id
          FROM closed c JOIN public.patchwork_project r ON r.id = c.project_id AND r.send_notifications
        ON CONFLICT (patch_id) DO UPDATE SET last_modified = excluded.last_modified
    )
    INSERT INTO public.patchwork_event (category, date, project_id, patch_id, previous_state_id, current_state_id,
                                        actor_id)
    SELECT 'patch-state-changed', event + row_number() OVER (ORDER BY c.id) * interval '1 microsecond',
           c.project_id, c.id, c.state_id, superseded, actor_id
      FROM closed c ORDER BY c.id;
END
$$;
