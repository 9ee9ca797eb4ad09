-- _patchmail.is_prerequisite(message): whether mail that is here names this one by git's patch-id or b4's change-id.
-- Takes    its ledger row.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.is_prerequisite(message patchmail.message)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF message.git_patch_id IS NULL AND message.change_id IS NULL OR pg_relation_size('patchmail.dependency') = 0 THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM patchmail.dependency d
                    WHERE d.project_id = message.project_id AND d.git_patch_id = message.git_patch_id)
           OR EXISTS (SELECT FROM patchmail.dependency d
                       WHERE d.project_id = message.project_id AND d.change_id = message.change_id);
END
$$;
