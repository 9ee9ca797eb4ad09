-- patchmail.join_loose_series(series, numbers, minutes, authors, roots): the last rule of patchmail.derive_series.
-- Takes    its arrays: for each member its series, number, date in minutes, author with version and total, and root
--          (0 for the loose ones).
-- Gives    the series anew: each series of loose patches is one with the only other series of the same author, version
--          and total that has a member within 20 minutes and none of its numbers.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.join_loose_series(series integer[], numbers integer[], minutes double precision[],
                                                       authors text[], roots integer[])
RETURNS integer[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    loose  integer;
    choice integer[];
BEGIN
    FOR loose IN SELECT DISTINCT s.series FROM unnest(series, roots) AS s(series, root) WHERE s.root = 0 ORDER BY 1 LOOP
        choice := ARRAY(
            WITH member AS (
                SELECT * FROM unnest(join_loose_series.series, numbers, minutes, authors, roots)
                              AS m(series, number, minute, author, root))
            SELECT other.series
              FROM member other
             WHERE other.root <> 0
               AND EXISTS (SELECT FROM member m WHERE m.series = loose AND m.author = other.author
                                                  AND abs(m.minute - other.minute) <= 20)
               AND NOT EXISTS (SELECT FROM member m JOIN member o ON o.number = m.number
                                WHERE m.series = loose AND o.series = other.series)
             GROUP BY other.series);
        IF cardinality(choice) = 1 THEN
            series := array_replace(series, loose, choice[1]);
        END IF;
    END LOOP;
    RETURN series;
END
$$;
