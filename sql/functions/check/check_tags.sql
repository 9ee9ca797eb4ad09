-- _patchmail.check_tags(only_project): tags that are not what a new count gives; see _patchmail.check_series.
-- Rules    The texts of a patch are those of _patchmail.recount_tags.
-- Touches  nothing.
-- Speed    Most texts have no tag at all, which one expression shows for all tags, as in _patchmail.count_tags.
CREATE OR REPLACE FUNCTION _patchmail.check_tags(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    WITH content AS MATERIALIZED (
        SELECT x.id, x.project_id, x.content
          FROM (SELECT p.id, p.project_id, p.content FROM public.patchwork_patch p
                UNION ALL
                SELECT p.id, p.project_id, k.content
                  FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                UNION ALL
                SELECT p.id, p.project_id, k.content
                  FROM patchmail.policy y
                  JOIN public.patchwork_patch p ON p.project_id = y.project_id
                  JOIN public.patchwork_series s ON s.id = p.series_id
                  JOIN public.patchwork_covercomment k ON k.cover_id = s.cover_letter_id
                 WHERE y.cover_trailers) x
          JOIN public.patchwork_project r ON r.id = x.project_id AND r.use_tags
         WHERE x.content ~ (SELECT _patchmail.any_tag()) AND ($1 IS NULL OR x.project_id = $1)
    ), counted AS (
        SELECT c.id, t.id AS tag_id, sum(_patchmail.tag_count(c.content, t.pattern)) AS count
          FROM content c, public.patchwork_tag t
         WHERE NOT _patchmail.passed_over('tag', t.id, t.pattern::text)
         GROUP BY c.id, t.id HAVING sum(_patchmail.tag_count(c.content, t.pattern)) > 0
    ), there AS (
        SELECT k.patch_id AS id, k.tag_id, k.count
          FROM public.patchwork_patchtag k
          JOIN public.patchwork_patch p ON p.id = k.patch_id AND ($1 IS NULL OR p.project_id = $1)
          JOIN public.patchwork_project r ON r.id = p.project_id AND r.use_tags
          JOIN public.patchwork_tag t ON t.id = k.tag_id AND NOT _patchmail.passed_over('tag', t.id, t.pattern::text)
    )
    SELECT p.project_id, 'tags-wrong', 'patch', p.id::bigint, concat_ws(': ', p.msgid, x.tags), NULL::text
      FROM (SELECT coalesce(c.id, k.id) AS id,
                   string_agg(format('%s %s, counted %s', t.name, coalesce(k.count, 0), coalesce(c.count, 0)), '; '
                              ORDER BY t.id) AS tags
              FROM counted c FULL JOIN there k ON k.id = c.id AND k.tag_id = c.tag_id
              JOIN public.patchwork_tag t ON t.id = coalesce(c.tag_id, k.tag_id)
             WHERE k.count IS DISTINCT FROM c.count
             GROUP BY 1) x
      JOIN public.patchwork_patch p ON p.id = x.id
    UNION ALL
    SELECT p.project_id, 'tags-off', 'patch', p.id, p.msgid, NULL
      FROM public.patchwork_patch p JOIN public.patchwork_project r ON r.id = p.project_id AND NOT r.use_tags
     WHERE ($1 IS NULL OR p.project_id = $1)
       AND EXISTS (SELECT FROM public.patchwork_patchtag k WHERE k.patch_id = p.id);
$$;
