-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.


ALTER TABLE patchmail.message ADD COLUMN git_patch_id text;
CREATE INDEX message_git_patch_id ON patchmail.message (project_id, git_patch_id) WHERE git_patch_id IS NOT NULL;
-- They take and give it too.
DROP FUNCTION IF EXISTS patchmail.diffs_after(text, integer, bigint);
DROP FUNCTION IF EXISTS patchmail.set_hashes(integer[], text[], text, boolean);

-- Their arguments are called otherwise, or they give more.
DROP FUNCTION IF EXISTS _patchmail.derive_dependencies(bigint[]);
DROP FUNCTION IF EXISTS _patchmail.dependency_lines(integer, jsonb);
DROP FUNCTION IF EXISTS _patchmail.resolve_dependencies(patchmail.message, jsonb);

ALTER TABLE patchmail.message ADD COLUMN minor integer NOT NULL DEFAULT 0, ADD COLUMN base_commit text;
CREATE INDEX message_minor ON patchmail.message (series_id) WHERE minor > 0;
ALTER TABLE patchmail.dependency
    ADD COLUMN git_patch_id text, ADD COLUMN change_id text, ADD COLUMN version integer, ADD COLUMN line integer,
    ADD COLUMN supersedes boolean NOT NULL DEFAULT false;
ALTER TABLE patchmail.dependency DROP CONSTRAINT dependency_check;
ALTER TABLE patchmail.dependency
    ADD CHECK (num_nonnulls(msgid, series_id, patch_id, git_patch_id, change_id) = 1),
    ADD CHECK (version IS NULL OR change_id IS NOT NULL),
    ADD CHECK (msgid IS NOT NULL OR NOT supersedes);
CREATE INDEX dependency_series ON patchmail.dependency (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX dependency_patch ON patchmail.dependency (patch_id) WHERE patch_id IS NOT NULL;
CREATE INDEX dependency_git_patch_id ON patchmail.dependency (project_id, git_patch_id) WHERE git_patch_id IS NOT NULL;
CREATE INDEX dependency_change_id ON patchmail.dependency (project_id, change_id) WHERE change_id IS NOT NULL;
CREATE INDEX dependency_supersedes ON patchmail.dependency (project_id, message_id) WHERE supersedes;
CREATE TABLE patchmail.revision (
    series_id  integer NOT NULL,
    former_id  integer NOT NULL,
    PRIMARY KEY (series_id, former_id)
);
