-- _patchmail.check_hashes(only_project): hashes of patches that do not fit their diffs; see _patchmail.check_series.
-- Rules    Of equal diffs with different hashes the first patch's counts as right; nobody can say here whether it is.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_hashes(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT p.project_id, CASE WHEN p.hash IS NULL THEN 'hash-missing' ELSE 'hash-stray' END, 'patch', p.id::bigint,
           p.msgid::text, NULL::text
      FROM public.patchwork_patch p
     WHERE (p.hash IS NULL) <> (p.diff IS NULL) AND ($1 IS NULL OR p.project_id = $1)
    UNION ALL
    SELECT p.project_id, 'hash-unequal', 'patch', p.id, format('%s has another one than patch %s', p.msgid, f.id), NULL
      FROM (SELECT min(o.id) AS id, hashtextextended(o.diff, 0) AS diff FROM public.patchwork_patch o
             WHERE o.diff IS NOT NULL AND o.hash IS NOT NULL
             GROUP BY 2 HAVING min(o.hash) <> max(o.hash)) g
      JOIN public.patchwork_patch f ON f.id = g.id
      JOIN public.patchwork_patch p ON hashtextextended(p.diff, 0) = g.diff AND p.diff = f.diff AND p.hash <> f.hash
     WHERE $1 IS NULL OR p.project_id = $1;
$$;
