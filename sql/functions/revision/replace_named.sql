-- _patchmail.replace_named(policy, series_id, former_id, actor_id): does what a policy says about the series that a
-- series replaces directly: it enters them in Patchwork's own table, and supersedes those that only lines Supersedes:
-- name.
-- Takes    the policy; the series; the one that it is the next version of, or NULL, for which the caller does the rest;
--          the user in whose name, or NULL.
-- Gives    a row for each that only such lines name: its id, in words what keeps it from being superseded as a whole,
--          and which patches of it are replaced nevertheless.
-- Rules    Those of _patchmail.revise_from.
-- Touches  through _patchmail.replace_series and _patchmail.link_revisions.
CREATE OR REPLACE FUNCTION _patchmail.replace_named(policy patchmail.policy, series_id integer, former_id integer,
                                                    actor_id integer)
RETURNS TABLE (named_id integer, hindrance text, replaced integer[]) LANGUAGE plpgsql AS $$
DECLARE
    named    integer[] := ARRAY(
        SELECT DISTINCT n.former_id
          FROM _patchmail.superseded_by(replace_named.series_id) n
          JOIN public.patchwork_series o ON o.id = n.former_id
          JOIN public.patchwork_series s ON s.id = replace_named.series_id
         WHERE n.former_id IS DISTINCT FROM replace_named.former_id
           AND _patchmail.series_sent(o) < _patchmail.series_sent(s));
    complete boolean;
BEGIN
    IF policy.relate AND _patchmail.revision_table() IS NOT NULL THEN
        PERFORM _patchmail.link_revisions(replace_named.series_id, ARRAY(
            SELECT f FROM unnest(named || replace_named.former_id) f
             WHERE f IS NOT NULL
               AND _patchmail.revise_hindrance(replace_named.series_id, f, policy.revise) IS NULL));
    END IF;
    IF named <> '{}' THEN
        complete := EXISTS (SELECT FROM _patchmail.series_completion(replace_named.series_id) c
                             WHERE c.category = 'series-completed');
        RETURN QUERY
        SELECT n, r.hindrance, r.replaced
          FROM unnest(named) n, LATERAL _patchmail.replace_series(
               policy, replace_named.series_id, n, complete, ARRAY[replace_named.series_id], actor_id) r;
    END IF;
END
$$;
