-- patchmail.foresee(facts, source): what patchmail.store would make of a mail now.
-- Takes    what patchmail.store takes.
-- Gives    the outcome, and the reason in words or NULL, as that does.
-- Rules    It looks at what is there, and knows nothing of mail that would be stored before this one.
-- Errors   As patchmail.store.
-- Touches  nothing, locks nothing.  Deliverers may call it.
CREATE OR REPLACE FUNCTION patchmail.foresee(facts jsonb, source jsonb, OUT outcome text, OUT reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    ranks    CONSTANT text := 'stored waiting duplicate quarantined refused ignored';
    projects integer[];
    here     record;
BEGIN
    IF facts->>'facts' IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'facts of version % are not known here', facts->>'facts'
            USING ERRCODE = 'feature_not_supported';
    ELSIF facts->>'rejected' IS NOT NULL THEN
        outcome := 'quarantined';
        reason := facts->>'rejected';
        RETURN;
    END IF;
    projects := array_remove(_patchmail.follow_moves(_patchmail.find_projects(facts, source), facts), 0);
    IF projects = '{}' AND facts->>'kind' IS DISTINCT FROM 'empty' THEN
        outcome := 'ignored';
        reason := concat_ws(': ', _patchmail.no_project(facts, source),
                            left(coalesce(source->>'list_id', facts->'list_ids'->0->>'id', ''), 255));
        reason := CASE WHEN starts_with(reason, 'no project') THEN reason ELSE split_part(reason, ': ', 1) END;
    ELSIF facts->>'kind' IS NOT DISTINCT FROM 'empty' AND facts->>'patch_like' IS NOT NULL AND projects <> '{}' THEN
        outcome := 'quarantined';
        reason := _patchmail.patch_missed(facts);
    ELSIF facts->>'kind' IS NOT DISTINCT FROM 'empty' THEN
        outcome := 'ignored';
        reason := 'it has neither text nor diff';
    ELSE
        FOR here IN SELECT f.* FROM unnest(projects) p, LATERAL _patchmail.foresee_in(p, facts) f LOOP
            CONTINUE WHEN strpos(ranks, here.outcome) >= strpos(ranks, outcome);
            outcome := here.outcome;
            reason := here.reason;
        END LOOP;
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.foresee(jsonb, jsonb) IS
    'For patchmaild: what store() would make of a mail.  Nothing is stored.';
