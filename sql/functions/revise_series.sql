-- patchmail.revise_series(series_id): does what a project's policy says about a series and its other versions.
-- Takes    a series that has got a new member.
-- Rules    Without a policy nothing is done.
--          Looks at the series that replace it, directly or not, and at all that each of these and itself replace: so
--          the same comes out in whatever order the versions come.  What has been done already is not done again.
--          No more than 100 versions back and 30 ahead: anybody may send very many.
-- Touches  through patchmail.relate_patches and patchmail.supersede_series.
CREATE OR REPLACE FUNCTION patchmail.revise_series(series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    policy   patchmail.policy;
    newer    integer[] := ARRAY[revise_series.series_id];
    series   integer;
    former   integer;
    complete boolean;
    walked   integer[] := '{}';  -- series whose former ones have been seen to
    closed   integer[] := '{}';  -- and superseded
    at       integer := 1;
BEGIN
    SELECT y.* INTO policy FROM patchmail.policy y JOIN public.patchwork_series s ON s.project_id = y.project_id
     WHERE s.id = revise_series.series_id AND (y.relate OR y.supersede);
    IF policy.project_id IS NULL THEN
        RETURN;
    END IF;
    WHILE at <= least(cardinality(newer), 30) LOOP
        newer := newer || ARRAY(
            SELECT k.id
              FROM (SELECT s.id
                      FROM patchmail.series_kin(newer[at]) k
                      JOIN public.patchwork_series s ON s.id = k.kin_id
                      JOIN public.patchwork_series o ON o.id = newer[at]
                     WHERE s.id <> ALL (newer) AND s.date > o.date AND s.version >= o.version
                     ORDER BY s.date, s.id LIMIT 30) k
             WHERE (patchmail.find_former_series(k.id)).former_id = newer[at]);
        at := at + 1;
    END LOOP;
    FOREACH series IN ARRAY newer LOOP
        complete := EXISTS (SELECT FROM patchmail.series_completion(series) c WHERE c.category = 'series-completed');
        FOR version IN 1 .. 100 LOOP
            EXIT WHEN series = ANY (closed) OR NOT complete AND series = ANY (walked);
            walked := walked || series;
            IF complete THEN
                closed := closed || series;
            END IF;
            former := (patchmail.find_former_series(series)).former_id;
            EXIT WHEN former IS NULL;
            IF policy.relate THEN
                PERFORM patchmail.relate_patches(series, former);
            END IF;
            IF policy.supersede AND complete THEN
                PERFORM patchmail.supersede_series(former);
            END IF;
            series := former;
        END LOOP;
    END LOOP;
END
$$;
