-- patchmail.move_series(thread, newcomer, ids, series, placed): moves patches and cover letters from series to series.
-- Takes    a thread; its new message, which has no place yet and does not move, or NULL; and what
--          patchmail.derive_series gives for the thread.
-- Gives    for each derived series its row, NULL for one that only the new message belongs to.
-- Rules    A series keeps its row: of those that its members had, the one with an adopted member, else the one that
--          most of them had.  What an admin has placed by hand stays.  A row that is left without members goes.
-- Touches  public.patchwork_patch (series_id), _series, _series_dependencies, _event; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION patchmail.move_series(thread bigint, newcomer bigint, ids bigint[], series integer[],
                                                 placed integer[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[];
    rows       integer[];
    mixed      integer[];
    former     patchmail.message[] := '{}';   -- of each derived series: the lead that its row had
    movers     bigint[] := '{}';
    touched    integer[];
    derived    record;
BEGIN
    SELECT k.rows, k.mixed INTO rows, mixed FROM patchmail.keep_series(newcomer, ids, series, placed) k;
    IF mixed = '{}' THEN
        RETURN rows;
    END IF;
    dependents := patchmail.take_dependencies(thread);
    FOR derived IN
        SELECT d.series, array_agg(d.id) AS members
          FROM unnest(ids, series) AS d(id, series) JOIN patchmail.message m ON m.id = d.id
         WHERE d.id IS DISTINCT FROM newcomer AND d.series = ANY (mixed)
         GROUP BY d.series ORDER BY bool_or(m.adopted) DESC, min(m.series_id), d.series
    LOOP
        rows[derived.series] := (
            SELECT m.series_id FROM patchmail.message m
             WHERE m.id = ANY (derived.members) AND m.series_id <> ALL (array_remove(rows, NULL))
             GROUP BY m.series_id ORDER BY bool_or(m.adopted) DESC, count(*) DESC, m.series_id LIMIT 1);
        former[derived.series] := patchmail.series_lead(rows[derived.series], thread);
        movers := movers || ARRAY(SELECT m.id FROM patchmail.message m
                                   WHERE m.id = ANY (derived.members) AND NOT m.adopted
                                     AND m.series_id IS DISTINCT FROM rows[derived.series]);
    END LOOP;
    touched := patchmail.vacate_series(movers);
    FOR derived IN
        SELECT d.series, array_agg(d.id) AS members FROM unnest(ids, series) AS d(id, series)
         WHERE d.id IS DISTINCT FROM newcomer AND d.series = ANY (mixed) GROUP BY d.series ORDER BY d.series
    LOOP
        IF rows[derived.series] IS NULL OR rows[derived.series] = ANY (touched) OR derived.members && movers THEN
            rows[derived.series] := patchmail.fill_series(rows[derived.series], former[derived.series],
                                                          derived.members);
            touched := touched || rows[derived.series];
        END IF;
    END LOOP;
    PERFORM patchmail.settle_series(t, thread) FROM (SELECT DISTINCT unnest(touched)) x(t);
    IF dependents IS NOT NULL THEN
        PERFORM patchmail.write_dependencies(dependents);
    END IF;
    RETURN rows;
END
$$;
