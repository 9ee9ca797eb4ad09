-- _patchmail.judge_candidates(project_id, sought, diff): which patches a commit was made of.
-- Takes    what _patchmail.commit_traits takes.
-- Gives    a row for each patch and kind of evidence, the best first (1 link, 2 hash, 3 patch-id, 4 title), with why it
--          does not count: NULL if it does.
-- Rules    What a person gave himself always counts; nothing else does if the commit is a copy of another commit that
--          the patch does not name.
--          A link counts for a patch with the title or the diff of the commit, or if most of its changed lines are in
--          the commit, which may be several patches in one.  It is a reference if another candidate's text has it, if
--          it names an older version, and in a revert unless the titles are the same.
--          Of several with the same diff the one with the commit's title counts, then its author's, then one that is
--          not superseded, then the newest; none if title and author are others', and none if they differ among
--          themselves.
--          By title the latest version counts, if it is open, changes the commit's files, and there may be no later one
--          (_patchmail.later_version), nor an earlier one that is more like the commit (_patchmail.closer_version);
--          none if two of them are no versions of one patch.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.judge_candidates(project_id integer, sought jsonb, diff text)
RETURNS TABLE (id integer, strength integer, evidence text, state text, msgid text, name text, commit_ref text,
               reason text)
LANGUAGE sql STABLE AS $$
    WITH trait AS MATERIALIZED (
        SELECT t.* FROM _patchmail.commit_traits($1, $2, $3) t
    ), kind AS MATERIALIZED (
        SELECT t.*, k.strength, k.evidence, k.kind, $2->'by_hand' ? k.kind AS by_hand,
               CASE WHEN $2->'by_hand' ? k.kind THEN NULL
                    WHEN k.kind = 'series' AND EXISTS (
                        SELECT FROM trait o WHERE o.series_id = t.series_id AND 'link' = ANY (o.kinds)
                           AND (o.same_diff OR $2->'by_hand' ? 'link')) THEN
                        'another patch of its series is named'
                    WHEN NOT t.names_upstream THEN
                        format('the commit is a copy of %s, which the patch does not name', $2->'upstream'->>0)
                    WHEN ($2->>'revert')::boolean AND NOT t.same_title THEN
                        'the commit takes something back, and has another title'
                    WHEN k.kind = 'link' AND t.quoted_by IS NOT NULL THEN
                        format('the link stands in the text of patch %s: it is a reference', t.quoted_by)
                    WHEN k.kind = 'link' AND NOT (t.same_title OR t.same_diff) AND EXISTS (
                        SELECT FROM trait o WHERE o.series_id = t.series_id AND 'series' = ANY (o.kinds)) THEN
                        'another patch of its series has the title of the commit'
                    WHEN k.kind = 'link' AND NOT (t.same_title OR t.same_diff OR coalesce(t.share, 0) > 0.5) THEN
                        'the commit has another title, and not most of its changes: the link is a reference'
                    WHEN k.kind IN ('hash', 'patch-id') AND $2->>'title' IS NOT NULL
                         AND NOT t.same_title AND NOT t.same_author THEN
                        'its diff is that of the commit, but title and author are others'
                    WHEN k.kind = 'title' AND NOT t.same_files THEN 'the commit changes other files' END AS reason
          FROM trait t, LATERAL unnest(t.kinds) x (kind)
          JOIN (VALUES ('link', 'link', 1), ('series', 'link', 1), ('hash', 'hash', 2), ('patch-id', 'patch-id', 3),
                       ('title', 'title', 4)) k (kind, evidence, strength) ON k.kind = x.kind
    ), ranked AS (
        SELECT k.*, first_value(k.id) OVER best AS best_id, first_value(k.title) OVER best AS best_title,
               first_value(k.same_title) OVER best AS best_same_title,
               first_value(k.same_author) OVER best AS best_same_author,
               first_value(k.id) OVER latest AS latest_id
          FROM kind k WHERE k.reason IS NULL
        WINDOW best AS (PARTITION BY k.kind ORDER BY k.same_title DESC, k.same_author DESC, k.state = 'superseded',
                                                     k.date DESC, k.id DESC),
               latest AS (PARTITION BY k.kind ORDER BY k.version DESC, k.date DESC, k.id DESC)
    ), doubtful AS (  -- kinds of which several count as much, and are not versions of one patch
        SELECT DISTINCT r.kind FROM ranked r
         WHERE r.kind IN ('hash', 'patch-id') AND NOT r.best_same_title AND r.same_author = r.best_same_author
           AND r.title <> r.best_title
        UNION
        SELECT r.kind FROM ranked r JOIN ranked o ON o.kind = r.kind AND o.id < r.id
         WHERE r.kind = 'title' AND (o.series_id = r.series_id OR o.version = r.version AND NOT (o.again OR r.again))
            OR r.kind = 'series' AND o.series_id = r.series_id
    )
    SELECT r.id, r.strength, r.evidence, r.state, r.msgid, r.name, r.commit_ref,
           CASE WHEN r.by_hand AND r.kind = 'link' THEN NULL
                WHEN r.kind IN (SELECT d.kind FROM doubtful d) THEN
                    'several patches may be meant: it is not certain which'
                WHEN n.id IS NOT NULL THEN format('patch %s is a newer version of it', n.id)
                WHEN r.kind IN ('hash', 'patch-id') AND r.id <> r.best_id THEN
                    format('patch %s is more like the commit, or newer', r.best_id)
                WHEN r.kind = 'title' AND r.id <> r.latest_id THEN format('patch %s is a later version', r.latest_id)
                WHEN r.kind = 'title' AND NOT r.open AND r.commit_ref IS DISTINCT FROM $2->>'commit' THEN
                    format('it is not open: its state is %s', r.state)
                WHEN e.id IS NOT NULL THEN
                    format('patch %s of another project or submitter may be a later version', e.id)
                WHEN c.id IS NOT NULL THEN
                    format('patch %s is an earlier version, and more like the commit', c.id) END
      FROM ranked r
      LEFT JOIN LATERAL (
           SELECT _patchmail.later_version(r.id) AS id WHERE r.kind = 'title' AND r.id = r.latest_id) e ON true
      LEFT JOIN LATERAL (
           SELECT _patchmail.closer_version(r.id, $3) AS id
            WHERE r.kind = 'title' AND r.id = r.latest_id AND r.open AND e.id IS NULL) c ON true
      LEFT JOIN LATERAL (
           SELECT max(o.id) AS id FROM trait o
            WHERE r.kind IN ('link', 'series') AND o.id <> r.id AND o.title = r.title AND o.same_title
              AND (o.date, o.id) > (r.date, r.id)
              AND (r.kind = 'series' OR 'link' = ANY (o.kinds) OR o.same_diff AND NOT r.same_diff)) n ON true
    UNION ALL
    SELECT k.id, k.strength, k.evidence, k.state, k.msgid, k.name, k.commit_ref, k.reason
      FROM kind k WHERE k.reason IS NOT NULL;
$$;
