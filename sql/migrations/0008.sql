-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.

CREATE TABLE patchmail.event_order (
    position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id  integer NOT NULL
);

CREATE TABLE patchmail.hook (
    name            text PRIMARY KEY,
    notifier        name,
    filter          text NOT NULL,
    base_url        text NOT NULL,
    give_up         interval NOT NULL,
    position        bigint NOT NULL,
    since           timestamptz NOT NULL DEFAULT now(),
    last_delivered  timestamptz,
    given           bigint[] NOT NULL DEFAULT '{}',
    head            bigint,
    attempts        integer NOT NULL DEFAULT 0,
    reason          text,
    next_try        timestamptz,
    probe           bigint,
    retries_failed  integer NOT NULL DEFAULT 0,
    next_retry      timestamptz,
    retried         boolean NOT NULL DEFAULT false,
    holder          text,
    held_until      timestamptz
);

CREATE TABLE patchmail.deferred_event (
    hook       text NOT NULL REFERENCES patchmail.hook ON DELETE CASCADE,
    position   bigint NOT NULL,
    attempts   integer NOT NULL,
    reason     text NOT NULL,
    first_try  timestamptz NOT NULL DEFAULT now(),
    next_try   timestamptz NOT NULL,
    dead       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (hook, position)
);
CREATE INDEX deferred_event_due ON patchmail.deferred_event (hook, next_try) WHERE NOT dead;

-- They are of notifiers too now.
DROP FUNCTION IF EXISTS patchmail.excess_rights(name);
DROP FUNCTION IF EXISTS _patchmail.deliverer_functions();

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

ALTER TABLE patchmail.policy
    ADD COLUMN archive_after interval CHECK (archive_after > interval '0'),
    ADD COLUMN show_addresses boolean NOT NULL DEFAULT true;

-- They ask whether an address may be shown.
DROP FUNCTION IF EXISTS _patchmail.person_part(integer, text);
DROP FUNCTION IF EXISTS _patchmail.user_part(integer, text);
DROP FUNCTION IF EXISTS _patchmail.mail_mbox(integer, timestamptz, text, integer, text, text, text);

ALTER TABLE patchmail.retention DROP CONSTRAINT retention_what_check;
ALTER TABLE patchmail.retention ADD CONSTRAINT retention_what_check
    CHECK (what IN ('waiting', 'ignored', 'overdue', 'quarantine', 'audit', 'raw', 'undelivered'));
INSERT INTO patchmail.retention (what, keep) VALUES ('undelivered', NULL);
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
