-- _patchmail.may_replace(series_id, former_id, complete): whether a series replaces all of another one, or some
-- patches.
-- Takes    two series; whether the first is complete.
-- Gives    the patches of the other one; NULL for all of them.
-- Rules    A complete series replaces all, an incomplete one what _patchmail.replaced_patches says.  A patch that was
--          sent alone and says that it replaces a patch of a larger series replaces that patch.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.may_replace(series_id integer, former_id integer, complete boolean)
RETURNS integer[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
           WHEN $3 AND NOT coalesce((
                SELECT bool_and(n.patch_id IS NOT NULL AND n.former_patch_id IS NOT NULL AND s.total = 1)
                  FROM _patchmail.superseded_by($1) n JOIN public.patchwork_series s ON s.id = $1
                 WHERE n.former_id = $2), false) THEN NULL
           ELSE _patchmail.replaced_patches($1, $2) END;
$$;
