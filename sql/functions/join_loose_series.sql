-- patchmail.join_loose_series(series, masks, minutes, authors, loose): the last part of rule 4 of
-- patchmail.derive_series.
-- Takes    its arrays: of each member its series (NULL where it has none yet), date in minutes, author, and whether it is
--          loose; of each series the mask of its numbers.
-- Gives    series and masks anew: each series of loose patches is one with the only other series of the same author,
--          version, total and "pass" that has a member within 20 minutes and none of its numbers.
-- Limits   Where the loose patches of an author and his others make over 10000 pairs, they stay as they are.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.join_loose_series(INOUT series integer[], INOUT masks bit varying[],
                                                       minutes double precision[], authors integer[], loose boolean[])
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    lone   record;
    choice integer[];
    joined integer[];  -- of each series: the one that it is now
BEGIN
    joined := ARRAY(SELECT generate_series(1, cardinality(masks)));
    FOR lone IN
        WITH member AS (
            SELECT * FROM unnest(join_loose_series.series, minutes, authors, join_loose_series.loose)
                          AS m(series, minute, author, loose)
             WHERE m.series IS NOT NULL
        ), few AS (
            SELECT m.author FROM member m GROUP BY m.author
            HAVING count(*) FILTER (WHERE m.loose) * count(*) FILTER (WHERE NOT m.loose) BETWEEN 1 AND 10000
        )
        SELECT l.series, array_agg(DISTINCT o.series) AS others
          FROM few JOIN member l ON l.author = few.author JOIN member o ON o.author = few.author
         WHERE l.loose AND NOT o.loose AND abs(l.minute - o.minute) <= 20
         GROUP BY l.series ORDER BY l.series
    LOOP
        choice := ARRAY(SELECT o FROM unnest(lone.others) o
                         WHERE bit_count(masks[o] & masks[lone.series]) = 0 LIMIT 2);
        IF cardinality(choice) = 1 THEN
            masks[choice[1]] := masks[choice[1]] | masks[lone.series];
            joined[lone.series] := choice[1];
        END IF;
    END LOOP;
    series := ARRAY(SELECT joined[s.series] FROM unnest(series) WITH ORDINALITY AS s(series, i) ORDER BY s.i);
END
$$;
