-- _patchmail.forget_moves(thread): forgets where admins put the mails of a thread, and gives patches and cover letters
-- the places that are derived for them.
-- Rules    Moved is what is pinned, or is not where the ledger has it; not what Patchwork stored itself.  Rows of
--          series are kept as _patchmail.move_series keeps them.  A patch without a marker that was put into a series
--          of others is a series of its own again.  The parents of comments are for the caller to derive.
-- Touches  public.patchwork_patch (series_id), _series, _event, _series_dependencies; patchmail.message; through
--          _patchmail.place_newcomers.
CREATE OR REPLACE FUNCTION _patchmail.forget_moves(thread bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moved      bigint[] := _patchmail.moved_mail(thread);
    former     patchmail.message[] := _patchmail.thread_leads(thread);
    dependents bigint[] := _patchmail.take_dependencies(thread);
    series     integer[] := _patchmail.thread_series(thread);
    astray     bigint[];  -- that have no series to go back to
BEGIN
    PERFORM _patchmail.note_places(ARRAY(SELECT m.id FROM patchmail.message m
                                         WHERE m.thread = forget_moves.thread AND m.kind = 'comment'
                                           AND NOT m.adopted));
    astray := _patchmail.put_back(ARRAY(SELECT m.id FROM patchmail.message m
                                         WHERE m.id = ANY (moved) AND NOT m.pinned));
    UPDATE patchmail.message m SET pinned = false WHERE m.thread = forget_moves.thread AND m.pinned;
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m) WHERE m.id = ANY (moved) AND m.kind = 'patch';
    PERFORM _patchmail.own_series(m) FROM patchmail.message m WHERE m.id = ANY (moved) AND m.number IS NULL;
    PERFORM _patchmail.place_newcomers(thread, astray, true, former);
    UPDATE public.patchwork_patch p SET series_id = m.series_id
      FROM patchmail.message m
     WHERE m.id = ANY (moved) AND p.id = m.patch_id AND p.series_id IS NULL AND m.number <> 0
       AND NOT EXISTS (SELECT FROM public.patchwork_patch o WHERE o.series_id = m.series_id AND o.number = p.number);
    UPDATE public.patchwork_series s SET cover_letter_id = m.cover_id
      FROM patchmail.message m
     WHERE m.id = ANY (moved) AND m.kind = 'cover' AND s.id = m.series_id AND s.cover_letter_id IS NULL
       AND _patchmail.leads_by_ledger(m)
       AND NOT EXISTS (SELECT FROM public.patchwork_series o WHERE o.cover_letter_id = m.cover_id);
    series := series || _patchmail.thread_series(thread);
    UPDATE public.patchwork_series s SET total = l.total
      FROM unnest(_patchmail.thread_leads(thread)) l WHERE s.id = l.series_id AND s.total <> l.total AND moved <> '{}';
    PERFORM _patchmail.settle_series(s.id, thread) FROM (SELECT DISTINCT unnest(series)) s (id);
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
END
$$;
