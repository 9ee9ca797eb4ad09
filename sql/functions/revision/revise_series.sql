-- _patchmail.revise_series(series_id, given, actor_id): does what a project's policy says about a series and its other
-- versions.
-- Takes    a series that has got a new member; a policy to follow in the place of the project's, or NULL; the user in
--          whose name, or NULL.
-- Gives    a row for each pair of versions that it looked at: the newest one, for which it did; the pair, newer and
--          former; how it is known that the one replaces the other; and in words what keeps the newest from
--          superseding the former one, NULL if nothing does.
-- Rules    Without a policy it does nothing.
--          It looks at the series that replace this one, directly or not, and at all that these and this one replace:
--          so the same comes out in whatever order the versions come.  It does nothing twice.
--          A series supersedes only what its own sender sent: every mail of the two is of one person, and no mail of
--          the newer has a verdict below the policy's "revise", or below the best one of the older.  So nobody
--          supersedes patches with a copied change-id, with an answer, or under another's name with mail that has a
--          worse verdict than the patches.
--          It goes at most 100 versions back and 30 ahead: anybody may send very many.
-- Touches  through _patchmail.relate_patches and _patchmail.supersede_series.
CREATE OR REPLACE FUNCTION _patchmail.revise_series(series_id integer, given patchmail.policy DEFAULT NULL,
                                                    actor_id integer DEFAULT NULL)
RETURNS TABLE (head_id integer, newer_id integer, former_id integer, evidence text, hindrance text)
LANGUAGE plpgsql AS $$
DECLARE
    policy   patchmail.policy := given;
    newer    integer[] := ARRAY[revise_series.series_id];
    since    timestamptz;  -- when one of these was sent
    head     integer;      -- the newest of the versions that are looked at
    series   integer;
    known    integer[] := '{}';  -- series of which the former one is known
    formers  integer[] := '{}';
    proofs   text[] := '{}';     -- and how
    link     record;
    sender   record;     -- of the newest; of the former one
    former   record;
    complete boolean;
    walked   integer[] := '{}';  -- series whose former ones have been seen to
    closed   integer[] := '{}';  -- and superseded
    at       integer := 1;
BEGIN
    IF policy.project_id IS NULL THEN
        SELECT y.* INTO policy FROM patchmail.policy y JOIN public.patchwork_series s ON s.project_id = y.project_id
         WHERE s.id = revise_series.series_id AND (y.relate OR y.supersede);
    END IF;
    IF policy.project_id IS NULL THEN
        RETURN;
    END IF;
    WHILE at <= least(cardinality(newer), 30) LOOP
        since := (SELECT _patchmail.series_sent(o) FROM public.patchwork_series o WHERE o.id = newer[at]);
        newer := newer || ARRAY(
            SELECT k.id
              FROM (SELECT s.id
                      FROM _patchmail.series_kin(newer[at]) k
                      JOIN public.patchwork_series o ON o.id = newer[at]
                     CROSS JOIN LATERAL (SELECT s.* FROM public.patchwork_series s WHERE s.id = k.kin_id OFFSET 0) s
                     CROSS JOIN LATERAL (SELECT _patchmail.series_sent(s) AS sent OFFSET 0) x
                     WHERE s.id <> ALL (newer) AND s.version >= o.version AND x.sent > since
                     ORDER BY x.sent, s.id LIMIT 30) k
             WHERE (_patchmail.find_former_series(k.id)).former_id = newer[at]);
        at := at + 1;
    END LOOP;
    FOREACH head IN ARRAY newer LOOP
        series := head;
        sender := _patchmail.series_sender(head);
        complete := EXISTS (SELECT FROM _patchmail.series_completion(head) c WHERE c.category = 'series-completed');
        FOR version IN 1 .. 100 LOOP
            EXIT WHEN series = ANY (closed) OR NOT complete AND series = ANY (walked);
            at := array_position(known, series);
            IF at IS NULL THEN
                link := _patchmail.find_former_series(series);
                known := known || series;
                formers := array_append(formers, link.former_id);
                proofs := array_append(proofs, array_to_string(link.evidence, ', '));
                at := cardinality(known);
            END IF;
            EXIT WHEN formers[at] IS NULL;
            former := _patchmail.series_sender(formers[at]);
            hindrance := CASE
                WHEN NOT complete THEN 'it is not complete'
                WHEN (sender.submitter_id = former.submitter_id) IS NOT TRUE THEN 'the two are not all of one sender'
                WHEN sender.worst < policy.revise THEN
                    format('its verdict is %s, and policy asks for %s', sender.worst, policy.revise)
                WHEN sender.worst < former.best THEN
                    format('its verdict is %s, and that of the former one %s', sender.worst, former.best)
            END;
            walked := walked || series;
            IF hindrance IS NULL THEN
                closed := closed || series;
            END IF;
            IF policy.relate THEN
                PERFORM _patchmail.relate_patches(series, formers[at], policy.revise, actor_id => actor_id);
            END IF;
            IF policy.supersede AND hindrance IS NULL THEN
                PERFORM _patchmail.supersede_series(formers[at], actor_id => actor_id);
            END IF;
            head_id := head;
            newer_id := series;
            former_id := formers[at];
            evidence := proofs[at];
            RETURN NEXT;
            series := formers[at];
        END LOOP;
    END LOOP;
END
$$;
