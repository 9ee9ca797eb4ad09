-- patchmail.patches_update(ids, change, actor, dry_run): the same change of many patches.
-- Takes    their ids, which patchmail.patch_ids() finds, also none; for the rest see patchmail.patch_update().
-- Gives    a row of patchmail.audit for each patch that is changed.
-- Errors   as there: then none of them is changed.
-- Touches  what patchmail.patch_update() does.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.patches_update(ids integer[], change jsonb, actor text DEFAULT NULL,
                                                    dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT c.* FROM _patchmail.change_patches('patches_update', $1, $2, $3, $4) c;
$$;
COMMENT ON FUNCTION patchmail.patches_update IS
    'Changes many patches at once as patch_update() changes one.  Gives what was changed.';
