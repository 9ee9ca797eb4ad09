-- _patchmail.enter_patch_ids(ids, git_patch_ids): enters git's patch-ids of patches that are stored already.
-- Takes    ledger ids, and as many patch-ids, which may be NULL.
-- Rules    What other series depend on by a patch-id follows it.
-- Touches  patchmail.message (git_patch_id); public.patchwork_series_dependencies, if there is one.
CREATE OR REPLACE FUNCTION _patchmail.enter_patch_ids(ids bigint[], git_patch_ids text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[] := _patchmail.take_dependents(ids);
BEGIN
    UPDATE patchmail.message m SET git_patch_id = n.git_patch_id
      FROM unnest(ids, git_patch_ids) n (id, git_patch_id)
     WHERE m.id = n.id AND m.git_patch_id IS DISTINCT FROM n.git_patch_id;
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
    PERFORM _patchmail.resolve_dependencies(m, '[]')
       FROM patchmail.message m WHERE m.id = ANY (ids) AND _patchmail.is_prerequisite(m);
END
$$;
