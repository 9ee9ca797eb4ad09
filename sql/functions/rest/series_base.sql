-- patchmail.series_base(series_id): what a series has to be applied to, for a CI.
-- Gives    the series that it depends on, directly or not, each before those that depend on it, and at the end itself:
--          in this order they are to be applied.  Of each the commit that its sender says it is based on, and the
--          series whose patch is known to have become that commit; whether it is complete; and whether all its patches
--          are committed.  An error in words if there is no such series.
-- Rules    Where series depend on each other in a circle, the one with which that was entered comes last.  At most 1000
--          series.  A commit may be abbreviated, in the mail or in Patchwork, to 7 digits or more.
-- Touches  nothing.
-- Speed    Patchwork has no index for commits: for a series with a base it looks through the patches of its project
--          that have one.
CREATE OR REPLACE FUNCTION patchmail.series_base(series_id integer)
RETURNS TABLE (step integer, id integer, name text, version integer, complete boolean, committed boolean,
               base_commit text, base_series_id integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    stack   integer[] := ARRAY[series_base.series_id];
    opened  integer[] := '{}';
    ordered integer[] := '{}';
    top     integer;
BEGIN
    IF NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = series_base.series_id) THEN
        RAISE EXCEPTION 'there is no series %', coalesce(series_base.series_id::text, 'NULL')
            USING ERRCODE = 'no_data_found';
    END IF;
    WHILE stack <> '{}' LOOP
        top := stack[cardinality(stack)];
        IF top = ANY (opened) OR cardinality(opened) >= 1000 THEN
            stack := trim_array(stack, 1);
            IF top = ANY (opened) AND top <> ALL (ordered) THEN
                ordered := ordered || top;
            END IF;
        ELSE
            opened := opened || top;
            stack := stack || ARRAY(SELECT p.id FROM unnest(_patchmail.prerequisites(top)) WITH ORDINALITY p (id, place)
                                     WHERE p.id <> ALL (opened) ORDER BY p.place DESC);
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT o.step::integer, s.id, _patchmail.printable(s.name), s.version,
           EXISTS (SELECT FROM _patchmail.series_completion(s.id) c WHERE c.category = 'series-completed'),
           coalesce((SELECT bool_and(coalesce(p.commit_ref, '') <> '') FROM public.patchwork_patch p
                      WHERE p.series_id = s.id), false),
           b.base_commit,
           (SELECT p.series_id FROM public.patchwork_patch p
             WHERE p.project_id = s.project_id AND length(p.commit_ref) >= 7 AND b.base_commit IS NOT NULL
               AND (starts_with(p.commit_ref, b.base_commit) OR starts_with(b.base_commit, p.commit_ref))
             ORDER BY p.series_id, p.id LIMIT 1)
      FROM unnest(ordered) WITH ORDINALITY o (id, step)
      JOIN public.patchwork_series s ON s.id = o.id
      LEFT JOIN LATERAL (
           SELECT m.base_commit FROM _patchmail.series_messages(s.id) m
            WHERE m.base_commit IS NOT NULL AND m.submitter_id = s.submitter_id
            ORDER BY m.kind, m.number, m.msgid COLLATE "C" LIMIT 1) b ON true
     ORDER BY o.step;
END
$$;
COMMENT ON FUNCTION patchmail.series_base IS
    'What a series has to be applied to: the series that it depends on, in order, and the commits they are based on.';
