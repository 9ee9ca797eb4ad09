-- _patchmail.revise_from(heads, policy, actor_id): does what a policy says about series and all that they replace.
-- Takes    the series, each before those that replace it; the policy; the user in whose name, or NULL.
-- Gives    a row for each pair of versions that it looked at: which of these series is the newest; the pair, newer and
--          former; how it is known that the one replaces the other; and in words what keeps the newest from superseding
--          all of the former one, NULL if nothing does, and which patches of it the newest replaces nevertheless.
-- Rules    A series supersedes only what its own sender sent (_patchmail.revise_hindrance).
--          A series that is not complete supersedes single patches at most (_patchmail.may_replace), of the 10 versions
--          before it.
--          What version 6 replaces of 5.1, of which there are only some patches, it replaces of 5 too.
--          It goes at most 100 versions back: anybody may send very many.
-- Touches  through _patchmail.replace_series and _patchmail.replace_named.
CREATE OR REPLACE FUNCTION _patchmail.revise_from(heads integer[], policy patchmail.policy, actor_id integer)
RETURNS TABLE (head_id integer, newer_id integer, former_id integer, evidence text, hindrance text,
               replaced integer[])
LANGUAGE plpgsql AS $$
DECLARE
    head     integer;
    series   integer;
    known    integer[] := '{}';  -- series of which the former one is known
    formers  integer[] := '{}';
    proofs   text[] := '{}';     -- and how
    link     record;
    done     record;
    complete boolean;
    partial  boolean;            -- whether single patches of the newest may supersede others
    partly   integer[];          -- the series before this one in which some patches are, and the one before these
    walked   integer[] := '{}';  -- series whose former ones have been seen to
    closed   integer[] := '{}';  -- and superseded
    at       integer;
BEGIN
    FOREACH head IN ARRAY heads LOOP
        series := head;
        complete := EXISTS (SELECT FROM _patchmail.series_completion(head) c WHERE c.category = 'series-completed');
        partial := NOT complete AND (_patchmail.series_minor(head) > 0
                                     OR EXISTS (SELECT FROM _patchmail.superseded_by(head)));
        partly := '{}';
        FOR version IN 1 .. 100 LOOP
            EXIT WHEN (partial OR partly <> '{}') AND version > 10
                      OR partly = '{}' AND (series = ANY (closed)
                                            OR NOT complete AND NOT partial AND series = ANY (walked));
            head_id := head;
            newer_id := series;
            at := array_position(known, series);
            IF at IS NULL THEN
                link := _patchmail.find_former_series(series);
                known := known || series;
                formers := array_append(formers, link.former_id);
                proofs := array_append(proofs, array_to_string(link.evidence, ', '));
                at := cardinality(known);
                FOR former_id, hindrance, replaced IN
                    SELECT n.* FROM _patchmail.replace_named(policy, series, formers[at], actor_id) n
                LOOP
                    evidence := 'supersedes';
                    RETURN NEXT;
                END LOOP;
            END IF;
            EXIT WHEN formers[at] IS NULL;
            walked := walked || series;
            done := _patchmail.replace_series(policy, head, formers[at], complete, partly || series, actor_id);
            former_id := formers[at];
            evidence := proofs[at];
            hindrance := done.hindrance;
            replaced := done.replaced;
            RETURN NEXT;
            EXIT WHEN done.confined;
            IF done.hindrance IS NULL THEN
                closed := closed || series;
            END IF;
            partly := CASE WHEN done.partly THEN (partly || series)[:10] ELSE '{}' END;
            series := formers[at];
        END LOOP;
    END LOOP;
END
$$;
