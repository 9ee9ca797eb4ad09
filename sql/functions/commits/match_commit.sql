-- _patchmail.match_commit(project_id, sought, diff, again, gone): the patches of a project that a commit may have been
-- made of, and whether it was.
-- Takes    what _patchmail.commit_traits takes; whether a patch with another commit gets this one; and those commits
--          that are gone, which a patch gives up.
-- Gives    a row of patchmail.committed for each candidate.
-- Rules    The best kind of evidence alone counts, as far as the project's policy lets it.
--          A patch keeps its commit; and once a patch has this one, no other gets it but by a link.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.match_commit(project_id integer, sought jsonb, diff text, again boolean,
                                                   gone text[])
RETURNS SETOF patchmail.committed LANGUAGE sql STABLE AS $$
    WITH judged AS MATERIALIZED (
        SELECT j.*, x.is_this, NOT x.is_this AND j.commit_ref IS NOT NULL AS is_other
          FROM (SELECT DISTINCT ON (j.id) j.* FROM _patchmail.judge_candidates($1, $2, $3) j
                 ORDER BY j.id, j.reason IS NOT NULL, j.strength) j,
               LATERAL (SELECT coalesce(j.commit_ref = $2->>'commit'
                                        OR j.commit_ref ~ '^[0-9a-f]{7,}$' AND starts_with($2->>'commit', j.commit_ref),
                                        false)) x (is_this)
    ), best AS (
        SELECT j.strength, min(j.id) AS id FROM judged j WHERE j.reason IS NULL
         GROUP BY j.strength ORDER BY j.strength LIMIT 1
    ), policy AS (
        SELECT coalesce((SELECT y.commits FROM patchmail.policy y WHERE y.project_id = $1), 'title') AS commits
    ), final AS (
        SELECT j.*, CASE
                   WHEN j.is_this THEN 'it has this commit already'
                   WHEN j.reason IS NOT NULL THEN j.reason
                   WHEN j.strength > b.strength THEN format('the evidence for patch %s is better', b.id)
                   WHEN j.strength > array_position('{link,hash,patch-id,title}', y.commits) IS NOT FALSE
                        AND NOT $2->'by_hand' ? j.evidence THEN
                       format('the policy of the project is commits => %s', y.commits)
                   WHEN j.evidence <> 'link' AND h.id IS NOT NULL THEN format('patch %s has this commit already', h.id)
                   WHEN j.is_other AND NOT $4 AND j.commit_ref <> ALL ($5) THEN 'it has another commit' END AS why_not
          FROM judged j CROSS JOIN policy y LEFT JOIN best b ON true
          LEFT JOIN (SELECT min(o.id) AS id FROM judged o WHERE o.is_this) h ON true
    )
    SELECT ROW(p.linkname, f.id, _patchmail.printable(f.msgid), _patchmail.printable(f.name, 255), f.state,
               f.commit_ref, f.evidence, f.why_not IS NULL, f.why_not)::patchmail.committed
      FROM final f JOIN public.patchwork_project p ON p.id = $1
     ORDER BY f.why_not IS NOT NULL, f.strength, f.id;
$$;
