-- _patchmail.check_log(only_project): what is wrong with events as a log that others read; see _patchmail.check_series.
-- Rules    The dates are looked at from the installation on.  Events of Patchwork may be a moment late, since it takes
--          no lock; those of history have the dates of their mail.
--          An event has its place when its transaction is committed: one's own have none yet.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_log(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT e.project_id, 'event-columns', 'event', e.id::bigint, e.category::text, NULL::text
      FROM public.patchwork_event e, LATERAL (
           SELECT num_nonnulls(e.patch_id, e.cover_id, e.series_id, e.patch_comment_id, e.cover_comment_id,
                               e.created_check_id, e.previous_state_id, e.current_state_id, e.previous_delegate_id,
                               e.current_delegate_id, e.previous_relation_id, e.current_relation_id) AS objects) x
     WHERE ($1 IS NULL OR e.project_id = $1)
       AND (CASE e.category
            WHEN 'patch-created' THEN e.patch_id IS NOT NULL AND x.objects = 1
            WHEN 'cover-created' THEN e.cover_id IS NOT NULL AND x.objects = 1
            WHEN 'series-created' THEN e.series_id IS NOT NULL AND x.objects = 1
            WHEN 'series-completed' THEN e.series_id IS NOT NULL AND x.objects = 1
            WHEN 'patch-completed' THEN num_nulls(e.patch_id, e.series_id) = 0 AND x.objects = 2
            WHEN 'patch-comment-created' THEN num_nulls(e.patch_id, e.patch_comment_id) = 0 AND x.objects = 2
            WHEN 'cover-comment-created' THEN num_nulls(e.cover_id, e.cover_comment_id) = 0 AND x.objects = 2
            WHEN 'check-created' THEN num_nulls(e.patch_id, e.created_check_id) = 0 AND x.objects = 2
            WHEN 'patch-state-changed' THEN num_nulls(e.patch_id, e.current_state_id) = 0
                                            AND x.objects = 2 + num_nonnulls(e.previous_state_id)
            WHEN 'patch-delegated' THEN e.patch_id IS NOT NULL
                AND x.objects = 1 + num_nonnulls(e.previous_delegate_id, e.current_delegate_id)
            WHEN 'patch-relation-changed' THEN e.patch_id IS NOT NULL
                AND x.objects = 1 + num_nonnulls(e.previous_relation_id, e.current_relation_id)
            END) IS NOT TRUE
    UNION ALL
    SELECT e.project_id, 'event-order', 'event', e.id,
           format('%s; event %s before it: %s', _patchmail.from_patchwork(e.date), e.former,
                  _patchmail.from_patchwork(e.former_date)), NULL
      FROM (SELECT o.project_id, o.id, o.date, lag(o.id) OVER project AS former, lag(o.date) OVER project AS former_date
              FROM public.patchwork_event o
             WHERE ($1 IS NULL OR o.project_id = $1)
               AND NOT EXISTS (SELECT FROM patchmail.event_order p WHERE p.position = -o.id AND p.event_id = o.id)
            WINDOW project AS (PARTITION BY o.project_id ORDER BY o.id)) e
     WHERE e.date <= e.former_date
       AND e.date >= (SELECT _patchmail.patchwork_time(min(i.at)) FROM patchmail.installed i)
    UNION ALL
    SELECT e.project_id, 'event-unplaced', 'event', e.id, e.category, NULL
      FROM public.patchwork_event e
     WHERE ($1 IS NULL OR e.project_id = $1)
       AND NOT EXISTS (SELECT FROM patchmail.event_order o WHERE o.event_id = e.id)
       AND NOT _patchmail.is_own_row(e.xmin)
    UNION ALL
    SELECT e.project_id, 'change-twice', 'event', e.id, format('%s, as event %s', e.category, e.former), NULL
      FROM (SELECT o.*, c.change, lag(o.id) OVER patch AS former, lag(c.change) OVER patch AS former_change
              FROM public.patchwork_event o, LATERAL (
                   SELECT ARRAY[o.previous_state_id, o.current_state_id, o.previous_delegate_id, o.current_delegate_id,
                                o.previous_relation_id, o.current_relation_id] AS change) c
             WHERE o.category IN ('patch-state-changed', 'patch-delegated', 'patch-relation-changed')
               AND ($1 IS NULL OR o.project_id = $1)
            WINDOW patch AS (PARTITION BY o.patch_id, o.category ORDER BY o.id)) e
     WHERE e.change = e.former_change;
$$;
