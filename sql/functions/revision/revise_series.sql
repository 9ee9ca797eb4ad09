-- _patchmail.revise_series(series_id): does what a project's policy says about a series and its other versions.
-- Takes    a series that has got a new member.
-- Rules    Without a policy it does nothing.
--          It looks at the series that replace this one, directly or not, and at all that these and this one replace:
--          so the same comes out in whatever order the versions come.  It does nothing twice.
--          A series supersedes only what its own sender sent: every mail of the two is of one person, and no mail of
--          the newer has a verdict below the policy's "revise", or below the best one of the older.  So nobody
--          supersedes patches with a copied change-id, with an answer, or under another's name with mail that has a
--          worse verdict than the patches.
--          A series that is not complete supersedes single patches at most (_patchmail.may_replace), of the 10 versions
--          before it.
--          What version 6 replaces of 5.1, of which there are only some patches, it replaces of 5 too.
--          It goes at most 100 versions back and 30 ahead: anybody may send very many.
-- Touches  through _patchmail.replace_series.
CREATE OR REPLACE FUNCTION _patchmail.revise_series(series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    policy   patchmail.policy;
    newer    integer[] := ARRAY[revise_series.series_id];
    since    timestamptz;  -- when one of these was sent
    head     integer;      -- the newest of the versions that are looked at
    series   integer;
    known    integer[] := '{}';  -- series of which the former one is known
    formers  integer[] := '{}';
    complete boolean;
    partial  boolean;      -- whether single patches of it may supersede others
    done     record;
    partly   integer[];    -- the series before this one in which some patches are, and the one before these
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
    FOREACH head IN ARRAY newer LOOP
        series := head;
        complete := EXISTS (SELECT FROM _patchmail.series_completion(head) c WHERE c.category = 'series-completed');
        partial := NOT complete AND (_patchmail.series_minor(head) > 0
                                     OR EXISTS (SELECT FROM _patchmail.superseded_by(head)));
        partly := '{}';
        FOR version IN 1 .. 100 LOOP
            EXIT WHEN partly = '{}' AND (series = ANY (closed)
                                         OR NOT complete AND NOT partial AND series = ANY (walked))
                      OR partial AND version > 10;
            at := array_position(known, series);
            IF at IS NULL THEN
                known := known || series;
                formers := array_append(formers, (_patchmail.find_former_series(series)).former_id);
                at := cardinality(known);
                PERFORM _patchmail.replace_named(policy, series, formers[at]);
            END IF;
            EXIT WHEN formers[at] IS NULL;
            walked := walked || series;
            done := _patchmail.replace_series(policy, head, formers[at], complete, partly || series);
            EXIT WHEN done.confined;
            IF done.acts THEN
                closed := closed || series;
            END IF;
            partly := CASE WHEN done.partly THEN (partly || series)[:10] ELSE '{}' END;
            series := formers[at];
        END LOOP;
    END LOOP;
END
$$;
