-- patchmail.patch_update(patch_id, change, actor, dry_run): changes a patch as PATCH of Patchwork's REST API does.
-- Takes    change: an object with any of
--              state       a state's slug, or its name ignoring case;
--              archived    true or false;
--              delegate    the name of a user who maintains the project, or null;
--              commit_ref, pull_url    a text of at most 255 characters, or null;
--              related     a list of ids of patches, to which it is related in addition; [] takes it out of its
--                          relation.
--          What is not in it stays.  A document of the API may be given: what the API only reads of it is passed over.
-- Gives    the rows of patchmail.audit, one for each patch that is changed; none if all is so already.
-- Rules    _patchmail.change_patches, read_patch_change, change_relation.  Who acts is not asked for his rights:
--          whoever may call this may change all patches.
-- Errors   check_violation, no_data_found: in one sentence; nothing is changed then.
-- Touches  public.patchwork_patch, _event, _patchrelation, _patchchangenotification; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.patch_update(patch_id integer, change jsonb, actor text DEFAULT NULL,
                                                  dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT c.* FROM _patchmail.change_patches('patch_update', ARRAY[$1], $2, $3, $4) c;
$$;
COMMENT ON FUNCTION patchmail.patch_update IS
    'Changes state, archived, delegate, commit_ref, pull_url or related of a patch, as Patchwork''s REST API does.  '
    'Gives what was changed.';
