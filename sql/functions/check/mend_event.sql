-- _patchmail.mend_event(fault): enters an event that is missing.
-- Takes    a fault of the kind event-missing or completion-missing.
-- Gives    the event; NULL if it is there, or its object is gone.
-- Rules    It is dated now: whoever polls for what is newer than what he saw has not seen it.  It tells of a mail, so
--          it has no actor.
-- Touches  public.patchwork_event.
CREATE OR REPLACE FUNCTION _patchmail.mend_event(fault record)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    event public.patchwork_event;
BEGIN
    event.category := CASE fault.kind WHEN 'event-missing' THEN fault.key ELSE fault.object || '-completed' END;
    CASE fault.object
    WHEN 'patch' THEN
        SELECT p.id, p.project_id INTO event.patch_id, event.project_id
          FROM public.patchwork_patch p WHERE p.id = fault.object_id;
    WHEN 'cover' THEN
        SELECT c.id, c.project_id INTO event.cover_id, event.project_id
          FROM public.patchwork_cover c WHERE c.id = fault.object_id;
    WHEN 'patch-comment' THEN
        SELECT k.id, p.id, p.project_id INTO event.patch_comment_id, event.patch_id, event.project_id
          FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
         WHERE k.id = fault.object_id;
    WHEN 'cover-comment' THEN
        SELECT k.id, c.id, c.project_id INTO event.cover_comment_id, event.cover_id, event.project_id
          FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
         WHERE k.id = fault.object_id;
    ELSE
        SELECT s.id, s.project_id INTO event.series_id, event.project_id
          FROM public.patchwork_series s WHERE s.id = fault.object_id;
    END CASE;
    IF fault.kind = 'completion-missing' THEN
        event.series_id := fault.key::integer;
    END IF;
    INSERT INTO public.patchwork_event (category, date, project_id, patch_id, cover_id, series_id, patch_comment_id,
                                        cover_comment_id)
    SELECT event.category, _patchmail.event_date(event.project_id, 1), event.project_id, event.patch_id,
           event.cover_id, event.series_id, event.patch_comment_id, event.cover_comment_id
     WHERE event.project_id IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM public.patchwork_event e
            WHERE (e.patch_id = event.patch_id OR e.cover_id = event.cover_id OR e.series_id = event.series_id)
              AND e.category = event.category
              AND (e.patch_id, e.cover_id, e.series_id, e.patch_comment_id, e.cover_comment_id)
                  IS NOT DISTINCT FROM (event.patch_id, event.cover_id, event.series_id, event.patch_comment_id,
                                        event.cover_comment_id))
    RETURNING * INTO event;
    RETURN CASE WHEN FOUND THEN jsonb_strip_nulls(to_jsonb(event)) END;
END
$$;
