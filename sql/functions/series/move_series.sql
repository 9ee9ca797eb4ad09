-- _patchmail.move_series(thread, newcomers, ids, series, placed, former): moves patches and cover letters from
-- series to series.
-- Takes    a thread; its new messages, which have no place yet and do not move; what _patchmail.derive_series gives for
--          the thread; and the leads that series had before, if the caller has changed what they depend on.
-- Gives    for each derived series its row, NULL for one that only new messages belong to; the series that a message
--          left or joined; and `former` with the leads added of all series that get or lose members, new messages
--          included: for _patchmail.renew_leads, then _patchmail.settle_series.
-- Rules    A series keeps its row: of those that its members had, the one with a member that is adopted or pinned, else
--          the one that most of them had.  A message that an admin has placed by hand stays.
-- Touches  public.patchwork_patch (series_id), _series, _event; patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.move_series(thread bigint, newcomers bigint[], ids bigint[], series integer[],
                                                 placed integer[], INOUT former patchmail.message[],
                                                 OUT rows integer[], OUT touched integer[])
LANGUAGE plpgsql AS $$
DECLARE
    mixed   integer[];
    movers  bigint[] := '{}';
    derived record;
    lead    patchmail.message;
BEGIN
    touched := '{}';
    SELECT k.rows, k.mixed INTO rows, mixed FROM _patchmail.keep_series(newcomers, ids, series, placed) k;
    former := former || _patchmail.series_leads(ARRAY(
        SELECT d.placed FROM unnest(placed, series) AS d(placed, series)
         WHERE d.placed IS NOT NULL AND d.placed NOT IN (SELECT f.series_id FROM unnest(former) f)
           AND (d.series = ANY (mixed)
                OR d.series IN (SELECT n.series FROM unnest(ids, move_series.series) AS n(id, series)
                                 WHERE n.id = ANY (newcomers)))), thread);
    IF mixed = '{}' THEN
        RETURN;
    END IF;
    FOR derived IN
        SELECT d.series, array_agg(d.id) AS members
          FROM unnest(ids, series) AS d(id, series) JOIN patchmail.message m ON m.id = d.id
         WHERE d.id <> ALL (newcomers) AND d.series = ANY (mixed)
         GROUP BY d.series ORDER BY bool_or(m.adopted OR m.pinned) DESC, min(m.series_id), d.series
    LOOP
        rows[derived.series] := (
            SELECT m.series_id FROM patchmail.message m
             WHERE m.id = ANY (derived.members) AND m.series_id <> ALL (array_remove(rows, NULL))
             GROUP BY m.series_id ORDER BY bool_or(m.adopted OR m.pinned) DESC, count(*) DESC, m.series_id LIMIT 1);
        movers := movers || ARRAY(SELECT m.id FROM patchmail.message m
                                   WHERE m.id = ANY (derived.members) AND NOT (m.adopted OR m.pinned)
                                     AND m.series_id IS DISTINCT FROM rows[derived.series]);
    END LOOP;
    touched := _patchmail.vacate_series(movers);
    FOR derived IN
        SELECT d.series, array_agg(d.id) AS members FROM unnest(ids, series) AS d(id, series)
         WHERE d.series = ANY (mixed) GROUP BY d.series ORDER BY d.series
    LOOP
        IF rows[derived.series] IS NULL THEN
            lead := _patchmail.lead_of(derived.members);
            IF EXISTS (SELECT FROM public.patchwork_series s WHERE s.cover_letter_id = lead.cover_id) THEN
                lead.cover_id := NULL;  -- an admin has put it there
            END IF;
            rows[derived.series] := _patchmail.create_series(lead);
        END IF;
        IF derived.members && movers THEN
            PERFORM _patchmail.fill_series(rows[derived.series],
                                          ARRAY(SELECT u FROM unnest(derived.members) u WHERE u <> ALL (newcomers)));
            touched := touched || rows[derived.series];
        END IF;
    END LOOP;
    touched := ARRAY(SELECT DISTINCT unnest(touched));
END
$$;
