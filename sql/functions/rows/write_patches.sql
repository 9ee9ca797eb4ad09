-- _patchmail.write_patches(ids, columns, user_id): changes columns of patches, with the events that Patchwork makes.
-- Takes    patches, whose projects' locks the caller has; the columns with their new values, of state_id, delegate_id,
--          related_id, archived, commit_ref and pull_url; and in whose name, or NULL.
-- Rules    An event for each patch whose state, delegate or relation is another one then.
--          As Patchwork writes it, that of a relation does not say which relation it was or is.
--          If the project sends notifications, submitters get theirs for another state: the row keeps the state that
--          they know of, and goes when the patch has that again.  Nobody is notified of what mail of history does to
--          mail of history (_patchmail.patch_past).
-- Touches  public.patchwork_patch, _event (patch-state-changed, -delegated, -relation-changed),
--          _patchchangenotification.
CREATE OR REPLACE FUNCTION _patchmail.write_patches(ids integer[], columns jsonb, user_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    project record;
    event   timestamptz;  -- the date before that of the first event
    began   timestamptz := _patchmail.history_began();
BEGIN
    FOR project IN
        SELECT r.id, r.send_notifications, array_agg(p.id) AS patches
          FROM public.patchwork_patch p JOIN public.patchwork_project r ON r.id = p.project_id
         WHERE p.id = ANY (ids) GROUP BY r.id ORDER BY r.id
    LOOP
        event := _patchmail.event_date(project.id, cardinality(project.patches));
        WITH changed AS (
            UPDATE public.patchwork_patch p
               SET state_id = new.state_id, delegate_id = new.delegate_id, related_id = new.related_id,
                   archived = new.archived, commit_ref = new.commit_ref, pull_url = new.pull_url
              FROM public.patchwork_patch old, jsonb_populate_record(old, columns) new
             WHERE p.id = ANY (project.patches) AND old.id = p.id
               AND (old.state_id, old.delegate_id, old.related_id, old.archived, old.commit_ref, old.pull_url)
                   IS DISTINCT FROM
                   (new.state_id, new.delegate_id, new.related_id, new.archived, new.commit_ref, new.pull_url)
            RETURNING p.id, old.state_id AS old_state, p.state_id, old.delegate_id AS old_delegate, p.delegate_id,
                      old.related_id AS old_related, p.related_id,
                      CASE WHEN began IS NOT NULL THEN _patchmail.patch_past(p.id) END AS past
        ), untold AS (
            DELETE FROM public.patchwork_patchchangenotification n
             USING changed c
             WHERE n.patch_id = c.id AND n.orig_state_id = c.state_id AND c.old_state <> c.state_id
               AND project.send_notifications
            RETURNING n.patch_id
        ), told AS (
            INSERT INTO public.patchwork_patchchangenotification (patch_id, last_modified, orig_state_id)
            SELECT c.id, event, c.old_state FROM changed c
             WHERE c.old_state <> c.state_id AND project.send_notifications AND c.past IS NULL
               AND c.id NOT IN (SELECT u.patch_id FROM untold u)
            ON CONFLICT (patch_id) DO UPDATE SET last_modified = excluded.last_modified
        )
        INSERT INTO public.patchwork_event (category, date, project_id, actor_id, patch_id, previous_state_id,
                                            current_state_id, previous_delegate_id, current_delegate_id)
        SELECT e.category, coalesce(c.past, event) + row_number() OVER (ORDER BY c.id, e.n) * interval '1 microsecond',
               project.id, user_id, c.id, e.old_state, e.state, e.old_delegate, e.delegate
          FROM changed c, LATERAL (VALUES
               (1, 'patch-relation-changed', NULL::integer, NULL::integer, NULL::integer, NULL::integer,
                   c.old_related IS DISTINCT FROM c.related_id),
               (2, 'patch-state-changed', c.old_state, c.state_id, NULL, NULL, c.old_state IS DISTINCT FROM c.state_id),
               (3, 'patch-delegated', NULL, NULL, c.old_delegate, c.delegate_id,
                   c.old_delegate IS DISTINCT FROM c.delegate_id))
               e (n, category, old_state, state, old_delegate, delegate, happened)
         WHERE e.happened
         ORDER BY c.id, e.n;
    END LOOP;
END
$$;
