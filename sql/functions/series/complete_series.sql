-- _patchmail.complete_series(series, newcomer): enters the events of what has become complete in series of a project,
-- each once.
-- Takes    the series; or one, and the ledger row of the patch or cover letter that is new in it.
-- Rules    A new patch completes itself and those after it, if all before it are there: it looks at these alone, so
--          that the thousandth patch costs little more than the tenth.  A new cover letter may change the total.
--          In a transaction of history each series has dates of its own (_patchmail.series_past).
-- Touches  public.patchwork_event (patch-completed, series-completed; patch-created or cover-created of the newcomer).
CREATE OR REPLACE FUNCTION _patchmail.complete_series(series integer[], newcomer patchmail.message DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first integer := 1;
    event timestamptz;  -- the date of the first event, or the one before it
BEGIN
    IF newcomer.id IS NULL THEN
        IF _patchmail.history_began() IS NOT NULL AND cardinality(series) > 1 THEN
            PERFORM _patchmail.complete_series(ARRAY[s]) FROM unnest(series) s;
            RETURN;
        END IF;
        event := _patchmail.event_date(s.project_id, 1, CASE WHEN _patchmail.history_began() IS NOT NULL
                                                            THEN _patchmail.series_past(s.id) END)
            FROM public.patchwork_series s WHERE s.id = series[1];
    ELSE
        event := _patchmail.event_date(newcomer.project_id, 1,
                                      CASE WHEN newcomer.transport = 'history' THEN newcomer.date END);
        INSERT INTO public.patchwork_event (category, date, project_id, patch_id, cover_id)
        VALUES (newcomer.kind || '-created', event, newcomer.project_id, newcomer.patch_id, newcomer.cover_id);
        IF newcomer.kind = 'patch' THEN
            first := CASE WHEN newcomer.number = 1 + (SELECT count(*) FROM public.patchwork_patch p
                                                       WHERE p.series_id = series[1]
                                                         AND p.number < newcomer.number)
                          THEN newcomer.number ELSE 0 END;
        END IF;
        IF newcomer.transport = 'history' AND first > 0 THEN
            event := _patchmail.event_date(newcomer.project_id, 1, _patchmail.series_past(series[1]));
        END IF;
    END IF;
    IF first > 0 THEN
        INSERT INTO public.patchwork_event (category, date, project_id, series_id, patch_id)
        SELECT c.category, event + row_number() OVER (ORDER BY s.n, c.n) * interval '1 microsecond', c.project_id, s.id,
               c.patch_id
          FROM unnest(series) WITH ORDINALITY s(id, n), LATERAL _patchmail.series_completion(s.id, first)
                   WITH ORDINALITY AS c(category, project_id, patch_id, n)
         WHERE CASE WHEN c.patch_id IS NULL
                    THEN NOT EXISTS (SELECT FROM public.patchwork_event e
                                      WHERE e.series_id = s.id AND e.category = c.category)
                    ELSE NOT EXISTS (SELECT FROM public.patchwork_event e
                                      WHERE e.patch_id = c.patch_id AND e.category = c.category
                                        AND e.series_id = s.id) END
         ORDER BY s.n, c.n;
    END IF;
END
$$;
