-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.

CREATE TABLE patchmail.event_order (
    position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id  integer NOT NULL
);

ALTER TABLE patchmail.message ADD COLUMN git_patch_id text;
CREATE INDEX message_git_patch_id ON patchmail.message (project_id, git_patch_id) WHERE git_patch_id IS NOT NULL;
-- They take and give it too.
DROP FUNCTION IF EXISTS patchmail.diffs_after(text, integer, bigint);
DROP FUNCTION IF EXISTS patchmail.set_hashes(integer[], text[], text, boolean);

CREATE TYPE patchmail.committed AS (
    project     text,
    patch_id    integer,
    msgid       text,
    name        text,
    state       text,
    commit_ref  text,
    evidence    text,
    marks       boolean,
    reason      text
);

ALTER TABLE patchmail.policy ADD COLUMN commits text NOT NULL DEFAULT 'title'
    CHECK (commits IN ('off', 'link', 'hash', 'patch-id', 'title'));
DROP FUNCTION IF EXISTS patchmail.set_policy(text, boolean, boolean, text, text, text, text, text, boolean);
