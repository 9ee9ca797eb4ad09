-- _patchmail.keep_series(newcomers, ids, series, placed): decides which derived series keep the rows that they have.
-- Takes    the three arrays of _patchmail.derive_series; members that have no row yet.
-- Gives    for each derived series its row, if all its members were placed in it and no others were; and the derived
--          series for which that is not so: their members have to move.  One whose members were in a series that
--          somebody deleted has no row, and nothing moves.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.keep_series(newcomers bigint[], ids bigint[], series integer[], placed integer[],
                                                 OUT rows integer[], OUT mixed integer[])
LANGUAGE sql IMMUTABLE AS $$
    WITH member AS (
        SELECT m.* FROM unnest($2, $3, $4) AS m(id, series, placed) WHERE m.id <> ALL ($1)
    ), owner AS (
        SELECT m.placed, count(DISTINCT m.series) AS owners FROM member m GROUP BY m.placed
    ), kept AS (
        SELECT d.series, CASE WHEN count(d.placed) = 0
                                OR count(*) = count(d.placed) AND count(DISTINCT d.placed) = 1
                                   AND bool_and(d.owners = 1)
                              THEN min(d.placed) END AS row,
               count(d.placed) > 0
               AND NOT (count(*) = count(d.placed) AND count(DISTINCT d.placed) = 1 AND bool_and(d.owners = 1)) AS mixed
          FROM (SELECT m.series, m.placed, o.owners FROM member m LEFT JOIN owner o ON o.placed = m.placed) d
         GROUP BY d.series
    )
    SELECT (SELECT array_agg(k.row ORDER BY n)
              FROM generate_series(1, (SELECT max(u) FROM unnest($3) u)) n LEFT JOIN kept k ON k.series = n),
           ARRAY(SELECT k.series FROM kept k WHERE k.mixed);
$$;
