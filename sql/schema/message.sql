-- The ledger: what patchmaild knows of every message, one row a project and Message-ID.
-- Every decision about threads is made from it and from nothing else.

CREATE TABLE patchmail.message (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id     integer NOT NULL,
    msgid          text NOT NULL,
    thread         bigint NOT NULL,        -- the id of the oldest row that it hangs together with
    kind           text NOT NULL CHECK (kind IN ('patch', 'cover', 'comment')),
    version        integer NOT NULL,
    number         integer,                -- of the series marker; NULL without one, and in a comment
    total          integer,                -- also of a comment that looks like a cover letter (repeats_cover)
    name           text NOT NULL,          -- as Patchwork stores it, with prefixes
    title          text NOT NULL,          -- without them
    refs           text[] NOT NULL,        -- Message-IDs that it refers to, nearest first
    date           timestamptz NOT NULL,
    arrived        timestamptz NOT NULL DEFAULT now(),
    submitter_id   integer NOT NULL,       -- in public.patchwork_person; 0 while it waits
    author_name    text,                   -- as this mail gives it; NULL also if it counts for nothing
    change_id      text,                   -- of b4's trailer
    adopted        boolean NOT NULL DEFAULT false,  -- Patchwork stored it: its place is given, not derived
    waiting        jsonb,                  -- a comment without a parent: its facts, until the parent comes
    -- The row in Patchwork's tables that it became.  No foreign keys: Patchwork may delete what it likes, an id is
    -- never used again, and each key costs every delivery a third of a millisecond.
    patch_id           integer,
    cover_id           integer,
    patchcomment_id    integer,
    covercomment_id    integer,
    -- The place that was derived last.  If Patchwork's row says otherwise, an admin moved it, and it stays.
    anchor_id      bigint,                 -- the ledger row that it hangs on in its series
    series_id      integer,
    parent_id      bigint,                 -- of a comment: the ledger row of its patch or cover letter
    -- Who really sent it.
    verdict        patchmail.verdict NOT NULL DEFAULT 'none',
    verdict_reason text,
    names          boolean NOT NULL DEFAULT true,  -- whether author_name may rename its author
    transport      text,                           -- by which it came; NULL if Patchwork stored it
    pinned         boolean NOT NULL DEFAULT false,  -- an admin gave it its place: that is given, not derived
    edited         boolean NOT NULL DEFAULT false,  -- patchmail.forget changed its text
    git_patch_id   text,                   -- of a patch: what `git patch-id --stable` says of its diff
    minor          integer NOT NULL DEFAULT 0,      -- 1 if the subject says v5.1, and version 5
    base_commit    text,                   -- the commit that it says it is based on
    UNIQUE (project_id, msgid),
    CHECK (kind = 'comment' OR (number IS NULL) = (total IS NULL)),
    CHECK (kind <> 'comment' OR number IS NULL),
    CHECK (kind <> 'cover' OR number IS NOT NULL OR adopted)
);

CREATE INDEX message_thread ON patchmail.message (thread);
-- For the last mail of a project, and how much came in an hour.
CREATE INDEX message_arrived ON patchmail.message (project_id, arrived);
CREATE INDEX message_waiting ON patchmail.message (arrived) WHERE waiting IS NOT NULL;
-- For the candidates for a series that was sent without references, and for the last name that somebody gave.
CREATE INDEX message_submitter ON patchmail.message (submitter_id, date);
-- For the other versions of a series.
CREATE INDEX message_change_id ON patchmail.message (project_id, change_id) WHERE change_id IS NOT NULL;
-- For the patch that a commit was made of.
CREATE INDEX message_git_patch_id ON patchmail.message (project_id, git_patch_id) WHERE git_patch_id IS NOT NULL;
-- For the few series with a version such as 5.1.
CREATE INDEX message_minor ON patchmail.message (series_id) WHERE minor > 0;

-- Who refers to a Message-ID, whether that one has come or not.  Written and removed with the message.
CREATE TABLE patchmail.reference (
    project_id  integer NOT NULL,
    msgid       text NOT NULL,
    message_id  bigint NOT NULL,  -- 0: patchmail.dependency names it, or it is an alias
    PRIMARY KEY (project_id, msgid, message_id)
);

-- The second Message-ID of a mail that a list wrapped in another one; msgid is the one under which it is stored.
CREATE TABLE patchmail.alias (
    project_id  integer NOT NULL,
    alias       text NOT NULL,
    msgid       text NOT NULL,
    PRIMARY KEY (project_id, alias)
);

-- Mails whose answers are still to be looked at, since there were too many for one transaction
-- (_patchmail.place_answers).
CREATE TABLE patchmail.unplaced (
    project_id  integer NOT NULL,
    pile        integer NOT NULL,  -- what one call left over
    step        integer NOT NULL,  -- from the mail with which that began
    msgid       text NOT NULL,
    after       bigint NOT NULL,   -- the last comment, in the ledger, that has been looked at
    PRIMARY KEY (project_id, pile, step, msgid)
);

-- What mails name that their series depend on, or replace; one row for each, resolved when what it names is there.
CREATE TABLE patchmail.dependency (
    message_id  bigint NOT NULL REFERENCES patchmail.message ON DELETE CASCADE,
    project_id  integer NOT NULL,
    msgid       text,   -- a patch or a cover letter; exactly one of this and the next four is set
    series_id   integer,
    patch_id    integer,
    git_patch_id text,  -- a patch, by what `git patch-id` says of it
    change_id   text,   -- a series, by b4's trailer
    version     integer,  -- of the series with the change_id; NULL: any
    line        integer,  -- which of the mail's it is: in this order they are to be applied; NULL of older mail
    supersedes  boolean NOT NULL DEFAULT false,  -- whether it is replaced, and not depended on
    CHECK (num_nonnulls(msgid, series_id, patch_id, git_patch_id, change_id) = 1),
    CHECK (version IS NULL OR change_id IS NOT NULL),
    CHECK (msgid IS NOT NULL OR NOT supersedes)
);
CREATE INDEX dependency_message ON patchmail.dependency (message_id);
CREATE INDEX dependency_msgid ON patchmail.dependency (project_id, msgid);
CREATE INDEX dependency_series ON patchmail.dependency (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX dependency_patch ON patchmail.dependency (patch_id) WHERE patch_id IS NOT NULL;
CREATE INDEX dependency_git_patch_id ON patchmail.dependency (project_id, git_patch_id) WHERE git_patch_id IS NOT NULL;
CREATE INDEX dependency_change_id ON patchmail.dependency (project_id, change_id) WHERE change_id IS NOT NULL;
CREATE INDEX dependency_supersedes ON patchmail.dependency (project_id, message_id) WHERE supersedes;

-- Which series replaces which, as it was entered in a table that Patchwork has for that (_patchmail.link_revisions):
-- what somebody has taken out there since is not entered again.
CREATE TABLE patchmail.revision (
    series_id  integer NOT NULL,
    former_id  integer NOT NULL,
    PRIMARY KEY (series_id, former_id)
);
