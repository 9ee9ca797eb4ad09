-- _patchmail.event_payload(event, base_url): what an event is about, as it stands in its REST document.
-- Gives    an object with the keys of its category; {} for a category that is not Patchwork's.
-- Rules    Patchwork shows relations as null.
CREATE OR REPLACE FUNCTION _patchmail.event_payload(event public.patchwork_event, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    patch  json := _patchmail.patch_part(event.patch_id, base_url);
    series json := _patchmail.series_part(event.series_id, base_url);
    cover  json := _patchmail.cover_part(event.cover_id, base_url);
BEGIN
    RETURN CASE event.category
        WHEN 'cover-created' THEN json_build_object('cover', cover)
        WHEN 'patch-created' THEN json_build_object('patch', patch)
        WHEN 'patch-completed' THEN json_build_object('patch', patch, 'series', series)
        WHEN 'patch-state-changed' THEN json_build_object(
            'patch', patch,
            'previous_state', (SELECT s.slug FROM public.patchwork_state s WHERE s.id = event.previous_state_id),
            'current_state', (SELECT s.slug FROM public.patchwork_state s WHERE s.id = event.current_state_id))
        WHEN 'patch-delegated' THEN json_build_object(
            'patch', patch,
            'previous_delegate', _patchmail.user_part(event.previous_delegate_id, base_url, event.project_id),
            'current_delegate', _patchmail.user_part(event.current_delegate_id, base_url, event.project_id))
        WHEN 'patch-relation-changed' THEN json_build_object(
            'patch', patch, 'previous_relation', NULL, 'current_relation', NULL)
        WHEN 'check-created' THEN json_build_object(
            'patch', patch, 'check', _patchmail.check_part(event.created_check_id, base_url))
        WHEN 'series-created' THEN json_build_object('series', series)
        WHEN 'series-completed' THEN json_build_object('series', series)
        WHEN 'cover-comment-created' THEN json_build_object(
            'cover', cover, 'comment', _patchmail.comment_part('cover', event.cover_comment_id, base_url))
        WHEN 'patch-comment-created' THEN json_build_object(
            'patch', patch, 'comment', _patchmail.comment_part('patch', event.patch_comment_id, base_url))
        ELSE '{}'::json
    END;
END
$$;
