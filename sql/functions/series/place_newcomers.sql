-- _patchmail.place_newcomers(thread, newcomers, joined, former): finds the series of marked mails that are new in a
-- thread.
-- Takes    the thread; the ledger ids of the new mails, just entered; whether the thread has others; and the former
--          leads of series that may have got another one already.
-- Gives    the series that the new mails belong to, each once.
-- Rules    It derives the series of the whole thread (_patchmail.derive_series) and applies the difference.  A series
--          keeps its row; if somebody deleted that, a new mail begins another one.  The mail of people who were deleted
--          does not count.
-- Touches  public.patchwork_series, _event; patchmail.message.  The rows of the new patches are not there yet; if
--          others have to move, _patchmail.move_series moves them.
CREATE OR REPLACE FUNCTION _patchmail.place_newcomers(thread bigint, newcomers bigint[], joined boolean,
                                                     former patchmail.message[] DEFAULT '{}')
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    derived record;
    rows    integer[];  -- of each derived series the row that it had
    touched integer[];
    sent    record;     -- the new mails of one series
    series  integer;
    placed  integer[] := '{}';
BEGIN
    IF joined THEN
        UPDATE patchmail.message m SET series_id = NULL
         WHERE m.thread = place_newcomers.thread AND m.series_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = m.series_id);
        PERFORM _patchmail.forget_people(thread);
    END IF;
    derived := _patchmail.derive_series(thread);
    IF joined THEN
        SELECT m.rows, m.touched, m.former INTO rows, touched, former
          FROM _patchmail.move_series(thread, newcomers, derived.ids, derived.series, derived.placed, former) m;
    END IF;
    FOR sent IN
        SELECT d.series, array_agg(d.id) AS members FROM unnest(derived.ids, derived.series) AS d(id, series)
         WHERE d.id = ANY (newcomers) GROUP BY d.series ORDER BY d.series
    LOOP
        series := coalesce(rows[sent.series], _patchmail.create_series(_patchmail.lead_of(sent.members)));
        UPDATE patchmail.message m SET series_id = series WHERE m.id = ANY (sent.members);
        placed := placed || series;
    END LOOP;
    IF joined THEN
        PERFORM _patchmail.renew_leads(former, thread);
        PERFORM _patchmail.settle_series(t, thread) FROM unnest(touched) t;
    END IF;
    RETURN placed;
END
$$;
