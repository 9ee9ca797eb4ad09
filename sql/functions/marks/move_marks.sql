-- _patchmail.move_marks(sources, unsettled): the archives that the mails of a batch come from have been read so far.
-- Takes    the sources of a batch in the order of the mails; and the numbers, from 1, of those of which nothing is
--          stored: no mark passes them.
-- Rules    The caller has the archives (_patchmail.hold_archives).  Of each place the last mark counts before the first
--          mail of that place that is unsettled.  A mail may have none: its place cannot be gone on with there.
-- Touches  patchmail.archive_mark.
CREATE OR REPLACE FUNCTION _patchmail.move_marks(sources jsonb, unsettled integer[])
RETURNS void LANGUAGE sql AS $$
    WITH mail AS MATERIALIZED (
        SELECT s.source->>'archive_name' AS archive, s.source->>'place' AS place, s.source->>'mark' AS mark, s.n,
               s.n = ANY ($2) AS left_over
          FROM jsonb_array_elements($1) WITH ORDINALITY s(source, n) WHERE s.source ? 'place'
    )
    INSERT INTO patchmail.archive_mark AS a (archive, place, mark)
    SELECT DISTINCT ON (m.archive, m.place) m.archive, m.place, m.mark
      FROM mail m
     WHERE m.mark IS NOT NULL
       AND m.n < ALL (SELECT l.n FROM mail l WHERE l.archive = m.archive AND l.place = m.place AND l.left_over)
     ORDER BY m.archive, m.place, m.n DESC
    ON CONFLICT ON CONSTRAINT archive_mark_pkey DO UPDATE SET mark = excluded.mark, moved = now();
$$;
