-- _patchmail.match_patches(series_id, former_id): finds which patches of a series are new versions of which patches of
-- the former one.
-- Gives    pairs of patches with the evidence: supersedes (one says that it replaces the other), hash (the diff is the
--          same), title, number.
-- Rules    The hash or the title has to be the same; the number only tells apart patches that are otherwise alike.
--          Of versions 5.1 and 5 with as many patches, the number has to be the same, and that is enough.
--          Each patch is in one such pair at most: with the one that is most like it, if that is so the other way round
--          as well.  What a line Supersedes: says is a pair besides.
-- Touches  nothing.
-- Speed    A patch has a key for each degree of likeness, the closest first.  The patch most like it is found by the
--          first of its keys that the other series has: so no pairs of all equal titles are made.
CREATE OR REPLACE FUNCTION _patchmail.match_patches(series_id integer, former_id integer)
RETURNS TABLE (patch_id integer, former_patch_id integer, evidence text[])
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    WITH minor AS MATERIALIZED (
        SELECT count(*) > 0 AS differs
          FROM public.patchwork_series s JOIN public.patchwork_series o ON o.version = s.version AND o.total = s.total
         WHERE s.id = $1 AND o.id = $2 AND _patchmail.series_minor(s.id) <> _patchmail.series_minor(o.id)
    ), key AS MATERIALIZED (
        SELECT p.id, p.number, p.is_former, k.likeness,
               concat_ws(' ', k.likeness, CASE WHEN k.number THEN p.number END, CASE WHEN k.hash THEN p.hash END,
                         CASE WHEN k.title THEN '|' || p.title END) AS key,
               array_remove(ARRAY[CASE WHEN k.hash THEN 'hash' END, CASE WHEN k.title THEN 'title' END,
                                  CASE WHEN k.number THEN 'number' END], NULL) AS evidence
          FROM (SELECT p.id, p.number, p.hash::text, _patchmail.plain_title(p.name) AS title,
                       p.series_id = $2 AS is_former
                  FROM public.patchwork_patch p WHERE p.series_id IN ($1, $2) OFFSET 0) p,
               (VALUES (1, true, true, true), (2, true, true, false), (3, true, false, true), (4, true, false, false),
                       (5, false, true, true), (6, false, true, false), (7, false, false, true)
               ) k (likeness, hash, title, number)
         WHERE CASE WHEN (SELECT m.differs FROM minor m) THEN k.number ELSE k.likeness < 7 END
           AND NOT (k.hash AND p.hash IS NULL OR k.number AND p.number IS NULL)
    ), first AS (
        SELECT DISTINCT ON (k.is_former, k.key) k.is_former, k.key, k.id
          FROM key k ORDER BY k.is_former, k.key, k.number, k.id
    ), choice AS MATERIALIZED (
        SELECT DISTINCT ON (k.id) k.id, f.id AS chosen, k.is_former, k.evidence
          FROM key k JOIN first f ON f.key = k.key AND f.is_former <> k.is_former
         ORDER BY k.id, k.likeness
    )
    SELECT coalesce(l.id, n.patch_id), coalesce(l.former_id, n.former_patch_id),
           array_remove(CASE WHEN n.patch_id IS NOT NULL THEN '{supersedes}'::text[] END || l.evidence, NULL)
      FROM (SELECT c.id, c.chosen AS former_id, c.evidence
              FROM choice c JOIN choice o ON o.id = c.chosen AND o.chosen = c.id
             WHERE o.is_former) l
      FULL JOIN (SELECT DISTINCT s.patch_id, s.former_patch_id FROM _patchmail.superseded_by($1) s
                  WHERE s.former_id = $2 AND s.former_patch_id IS NOT NULL AND s.patch_id IS NOT NULL) n
        ON n.patch_id = l.id AND n.former_patch_id = l.former_id;
$$;
