-- _patchmail.is_prerequisite(message): whether mail that is here names this one by git's patch-id or b4's change-id.
-- Takes    its ledger row.
-- Touches  nothing.
-- Speed    A statement is planned when it is first run: so none is run that is not needed.  Who asks this for every
--          mail looks first whether patchmail.dependency has anything at all.
CREATE OR REPLACE FUNCTION _patchmail.is_prerequisite(message patchmail.message)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF message.git_patch_id IS NOT NULL THEN
        IF EXISTS (SELECT FROM patchmail.dependency d
                    WHERE d.project_id = message.project_id AND d.git_patch_id = message.git_patch_id) THEN
            RETURN true;
        END IF;
    END IF;
    IF message.change_id IS NOT NULL THEN
        RETURN EXISTS (SELECT FROM patchmail.dependency d
                        WHERE d.project_id = message.project_id AND d.change_id = message.change_id);
    END IF;
    RETURN false;
END
$$;
