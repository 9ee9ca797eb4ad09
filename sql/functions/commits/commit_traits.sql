-- _patchmail.commit_traits(project_id, sought, diff): the candidates for a commit, and what they have in common with
-- it.
-- Takes    what _patchmail.read_commit gave, and the diff of the commit's facts.
-- Gives    a row a patch: the kinds of evidence for it; whether title and author are the commit's, who may also be the
--          author that its text names, or have signed it off; whether its diff is, by its hash or its patch-id; how
--          much of its diff is in the commit, where that matters; whether the files of one are among those of the
--          other; whether its text names the commit that this one is a copy of; and another candidate whose text refers
--          to it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.commit_traits(project_id integer, sought jsonb, diff text)
RETURNS TABLE (id integer, series_id integer, title text, name text, msgid text, date timestamptz, version integer,
               again boolean, state text, open boolean, commit_ref text, kinds text[], same_title boolean,
               same_author boolean, same_diff boolean, share double precision, same_files boolean,
               names_upstream boolean, quoted_by integer)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    address CONSTANT text := '<' || lower(nullif(sought->'author'->>'email', '')) || '>';
    authors CONSTANT integer[] := _patchmail.commit_authors(sought->'author');
    changed CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(sought->'files'));
BEGIN
    RETURN QUERY
    WITH candidate AS MATERIALIZED (
        SELECT c.patch_id, array_agg(c.evidence) AS kinds
          FROM _patchmail.commit_candidates(commit_traits.project_id, sought) c GROUP BY c.patch_id
    ), patch AS MATERIALIZED (
        SELECT p.*, c.kinds, _patchmail.plain_title(p.name) AS title,
               'hash' = ANY (c.kinds) OR 'patch-id' = ANY (c.kinds) AS same_diff
          FROM candidate c JOIN public.patchwork_patch p ON p.id = c.patch_id
    )
    SELECT p.id, p.series_id, p.title, p.name::text, p.msgid::text, p.date, coalesce(s.version, 1),
           p.name ~* '^\[[^]]*\m(resend|repost)\M', t.slug::text, t.action_required AND NOT p.archived,
           nullif(p.commit_ref::text, ''), p.kinds, coalesce(p.title = sought->>'title', false),
           p.submitter_id = ANY (authors) OR EXISTS (
               SELECT FROM string_to_table(lower(p.content), E'\n') l
                WHERE starts_with(l, 'from:') AND strpos(l, address) > 0
                   OR starts_with(l, 'signed-off-by:') AND strpos(l, address) > 0),
           p.same_diff,
           CASE WHEN 'link' = ANY (p.kinds) AND NOT p.same_diff AND p.title IS DISTINCT FROM sought->>'title'
                THEN _patchmail.share_of_lines(p.diff, commit_traits.diff) END,
           CASE WHEN 'title' = ANY (p.kinds)
                THEN (SELECT f.files <> '{}' AND changed <> '{}'
                             AND (f.files <@ changed OR f.files @> changed)
                        FROM (SELECT _patchmail.diff_files(p.diff)) f (files)) END,
           sought->'upstream' = '[]' OR EXISTS (SELECT FROM jsonb_array_elements_text(sought->'upstream') u
                                                 WHERE strpos(lower(p.content), left(lower(u), 12)) > 0),
           (SELECT min(o.id) FROM patch o
             WHERE 'link' = ANY (p.kinds) AND o.id <> p.id AND strpos(o.content, nullif(btrim(p.msgid, '<>'), '')) > 0)
      FROM patch p
      LEFT JOIN public.patchwork_series s ON s.id = p.series_id
      LEFT JOIN public.patchwork_state t ON t.id = p.state_id;
END
$$;
