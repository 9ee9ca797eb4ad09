-- patchmail.revise_series(series_id): does what a project's policy says about a series and its other versions.
-- Takes    a series that has got a new member.
-- Rules    Without a policy nothing is done.
--          Looks at the series that replace it, directly or not, and at all that each of these and itself replace: so
--          the same comes out in whatever order the versions come.  What has been done already is not done again.
-- Touches  through patchmail.relate_patches and patchmail.supersede_series.
CREATE OR REPLACE FUNCTION patchmail.revise_series(series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    policy   patchmail.policy;
    newer    integer[] := ARRAY[revise_series.series_id];
    series   integer;
    former   integer;
    complete boolean;
    at       integer := 1;
BEGIN
    SELECT y.* INTO policy FROM patchmail.policy y JOIN public.patchwork_series s ON s.project_id = y.project_id
     WHERE s.id = revise_series.series_id AND (y.relate OR y.supersede);
    IF policy.project_id IS NULL THEN
        RETURN;
    END IF;
    WHILE at <= cardinality(newer) LOOP
        newer := newer || ARRAY(SELECT k.kin_id FROM patchmail.series_kin(newer[at]) k
                                 WHERE k.kin_id <> ALL (newer)
                                   AND (patchmail.find_former_series(k.kin_id)).former_id = newer[at]);
        at := at + 1;
    END LOOP;
    FOREACH series IN ARRAY newer LOOP
        complete := EXISTS (SELECT FROM patchmail.series_completion(series) c WHERE c.category = 'series-completed');
        LOOP
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
