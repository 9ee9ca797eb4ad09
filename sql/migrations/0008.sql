-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.


ALTER TABLE patchmail.message ADD COLUMN git_patch_id text;
CREATE INDEX message_git_patch_id ON patchmail.message (project_id, git_patch_id) WHERE git_patch_id IS NOT NULL;
-- They take and give it too.
DROP FUNCTION IF EXISTS patchmail.diffs_after(text, integer, bigint);
DROP FUNCTION IF EXISTS patchmail.set_hashes(integer[], text[], text, boolean);
