-- _patchmail.revise_from(heads, policy, actor_id): does what a policy says about series and all that they replace.
-- Takes    the series, each before those that replace it; the policy; the user in whose name, or NULL.
-- Gives    a row for each pair of versions that it looked at: which of these series is the newest; the pair, newer and
--          former; how it is known that the one replaces the other; and in words what keeps the newest from superseding
--          the former one, NULL if nothing does.
-- Rules    A series supersedes only what its own sender sent: every mail of the two is of one person, and no mail of
--          the newer has a verdict below the policy's "revise", or below the best one of the older.  So nobody
--          supersedes patches with a copied change-id, with an answer, or under another's name with mail that has a
--          worse verdict than the patches.
--          It goes at most 100 versions back: anybody may send very many.
-- Touches  through _patchmail.relate_patches and _patchmail.supersede_series.
CREATE OR REPLACE FUNCTION _patchmail.revise_from(heads integer[], policy patchmail.policy, actor_id integer)
RETURNS TABLE (head_id integer, newer_id integer, former_id integer, evidence text, hindrance text)
LANGUAGE plpgsql AS $$
DECLARE
    head     integer;
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
    at       integer;
BEGIN
    FOREACH head IN ARRAY heads LOOP
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
