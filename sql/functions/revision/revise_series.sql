-- _patchmail.revise_series(series_id): does what a project's policy says about a series and its other versions.
-- Takes    a series that has got a new member.
-- Rules    Without a policy it does nothing.
--          It looks at the series that replace this one, directly or not, and at all that these and this one replace:
--          so the same comes out in whatever order the versions come.  It does nothing twice.
--          It goes at most 30 versions ahead: anybody may send very many.
-- Touches  through _patchmail.revise_from.
CREATE OR REPLACE FUNCTION _patchmail.revise_series(series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    policy patchmail.policy;
    newer  integer[] := ARRAY[revise_series.series_id];
    since  timestamptz;  -- when one of these was sent
    at     integer := 1;
BEGIN
    SELECT y.* INTO policy FROM patchmail.policy y JOIN public.patchwork_series s ON s.project_id = y.project_id
     WHERE s.id = revise_series.series_id AND (y.relate OR y.supersede);
    IF policy.project_id IS NULL THEN
        RETURN;
    END IF;
    WHILE at <= least(cardinality(newer), 30) LOOP
        since := (SELECT _patchmail.series_sent(o) FROM public.patchwork_series o WHERE o.id = newer[at]);
        newer := newer || ARRAY(
            SELECT k.id
              FROM (SELECT s.id, k.evidence
                      FROM _patchmail.series_kin(newer[at]) k
                      JOIN public.patchwork_series o ON o.id = newer[at]
                     CROSS JOIN LATERAL (SELECT s.* FROM public.patchwork_series s WHERE s.id = k.kin_id OFFSET 0) s
                     CROSS JOIN LATERAL (SELECT _patchmail.series_sent(s) AS sent OFFSET 0) x
                     WHERE s.id <> ALL (newer) AND x.sent > since
                       AND (s.version >= o.version OR k.evidence[1] = 'supersedes')
                     ORDER BY x.sent, s.id LIMIT 30) k
             WHERE k.evidence[1] = 'supersedes' OR (_patchmail.find_former_series(k.id)).former_id = newer[at]);
        at := at + 1;
    END LOOP;
    PERFORM _patchmail.revise_from(newer, policy, NULL);
END
$$;
