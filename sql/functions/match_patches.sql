-- patchmail.match_patches(series_id, former_id): which patches of a series are new versions of which of the former one.
-- Gives    pairs of patches with the evidence: hash (the diff is the same), title, number.
-- Rules    The hash or the title has to be the same; the number only tells apart what else is alike.  Each patch is in
--          one pair at most: with the one that is most like it, if that is so the other way round as well.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.match_patches(series_id integer, former_id integer)
RETURNS TABLE (patch_id integer, former_patch_id integer, evidence text[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH pair AS (
        SELECT p.id, o.id AS former, x.hash, x.title, x.number,
               row_number() OVER (PARTITION BY p.id
                                  ORDER BY x.hash DESC, x.title DESC, x.number DESC, o.number, o.id) AS choice,
               row_number() OVER (PARTITION BY o.id
                                  ORDER BY x.hash DESC, x.title DESC, x.number DESC, p.number, p.id) AS former_choice
          FROM public.patchwork_patch p CROSS JOIN public.patchwork_patch o
         CROSS JOIN LATERAL (
               SELECT coalesce(p.hash = o.hash, false) AS hash, coalesce(p.number = o.number, false) AS number,
                      patchmail.plain_title(p.name) = patchmail.plain_title(o.name) AS title) x
         WHERE p.series_id = $1 AND o.series_id = $2 AND (x.hash OR x.title))
    SELECT p.id, p.former, array_remove(ARRAY[CASE WHEN p.hash THEN 'hash' END, CASE WHEN p.title THEN 'title' END,
                                              CASE WHEN p.number THEN 'number' END], NULL)
      FROM pair p WHERE p.choice = 1 AND p.former_choice = 1;
$$;
