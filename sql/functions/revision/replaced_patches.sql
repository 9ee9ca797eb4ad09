-- _patchmail.replaced_patches(series_id, former_id): the patches of another series that patches of a series replace one
-- by one, whether it is complete or not.
-- Gives    their ids.
-- Rules    A patch replaces the one that its line Supersedes: names.  A patch of version 5.1 replaces the one of
--          version 5 with its number, if that series has as many patches.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.replaced_patches(series_id integer, former_id integer)
RETURNS integer[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT x.id), '{}')
      FROM (SELECT n.former_patch_id AS id FROM _patchmail.superseded_by($1) n
             WHERE n.former_id = $2 AND n.patch_id IS NOT NULL AND n.former_patch_id IS NOT NULL
            UNION ALL
            SELECT f.id
              FROM public.patchwork_series s
              JOIN public.patchwork_series o ON o.id = $2 AND o.version = s.version AND o.total = s.total
              JOIN public.patchwork_patch p ON p.series_id = s.id
              JOIN public.patchwork_patch f ON f.series_id = o.id AND f.number = p.number
             WHERE s.id = $1 AND _patchmail.series_minor(s.id) > _patchmail.series_minor(o.id)) x;
$$;
