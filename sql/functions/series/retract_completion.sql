-- _patchmail.retract_completion(series_id): takes back the events of what is no longer complete in a series, because
-- members left or because another lead says that there are more.
-- Touches  public.patchwork_event (patch-completed, series-completed).
CREATE OR REPLACE FUNCTION _patchmail.retract_completion(series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.patchwork_event e
     WHERE e.category = 'patch-completed'
       AND (e.series_id = retract_completion.series_id
            OR e.patch_id IN (SELECT p.id FROM public.patchwork_patch p
                               WHERE p.series_id = retract_completion.series_id))
       AND NOT EXISTS (SELECT FROM _patchmail.series_completion(retract_completion.series_id) c
                        WHERE c.patch_id = e.patch_id AND e.series_id = retract_completion.series_id);
    DELETE FROM public.patchwork_event e
     WHERE e.category = 'series-completed' AND e.series_id = retract_completion.series_id
       AND NOT EXISTS (SELECT FROM _patchmail.series_completion(retract_completion.series_id) c
                        WHERE c.category = e.category);
END
$$;
