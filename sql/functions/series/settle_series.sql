-- _patchmail.settle_series(series_id, thread): puts the events of a series in order after members of the thread moved;
-- removes an empty one.
-- Rules    A series stays if an admin has put something into it, or if the ledger has a member of it that is no row of
--          it: a patch numbered 0, or one that is not written yet.
-- Touches  public.patchwork_event, _series with what hangs on it (_seriesreference, _series_dependencies, and
--          through _patchmail.forget_revisions).
CREATE OR REPLACE FUNCTION _patchmail.settle_series(series_id integer, thread bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.patchwork_patch p WHERE p.series_id = settle_series.series_id)
       OR EXISTS (SELECT FROM public.patchwork_series s
                   WHERE s.id = settle_series.series_id AND s.cover_letter_id IS NOT NULL)
       OR EXISTS (SELECT FROM patchmail.message m
                   WHERE m.thread = settle_series.thread AND m.series_id = settle_series.series_id
                     AND m.number IS NOT NULL) THEN
        PERFORM _patchmail.retract_completion(settle_series.series_id);
        PERFORM _patchmail.complete_series(ARRAY[settle_series.series_id]);
        RETURN;
    END IF;
    DELETE FROM public.patchwork_event e WHERE e.series_id = settle_series.series_id;
    DELETE FROM public.patchwork_seriesreference r WHERE r.series_id = settle_series.series_id;
    IF to_regclass('public.patchwork_series_dependencies') IS NOT NULL THEN
        DELETE FROM public.patchwork_series_dependencies d
         WHERE settle_series.series_id IN (d.from_series_id, d.to_series_id);
    END IF;
    PERFORM _patchmail.forget_revisions(settle_series.series_id);
    DELETE FROM public.patchwork_series s WHERE s.id = settle_series.series_id;
END
$$;
