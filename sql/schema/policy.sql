-- What a project wants done beyond storing its mail, and what mail may do there whose author is not verified.
-- Without a row, what the defaults say: patchmail.set_policy() writes them, patchmail.allowed() reads them.

CREATE TABLE patchmail.policy (
    project_id  integer PRIMARY KEY,             -- no foreign key: Patchwork may delete its projects
    relate      boolean NOT NULL DEFAULT false,  -- the versions of a patch are related, as users do by hand
    supersede   boolean NOT NULL DEFAULT false,  -- a complete new version supersedes the open patches of the old ones
    -- The least verdict on its author with which a mail is stored, and what becomes of it otherwise; with which its
    -- hints are followed; with which it renames its author; with which it revises its author's earlier mail.
    store       patchmail.verdict NOT NULL DEFAULT 'ambiguous',
    otherwise   text NOT NULL DEFAULT 'quarantine' CHECK (otherwise IN ('quarantine', 'refuse')),
    hints       patchmail.verdict NOT NULL DEFAULT 'conflict',
    rename      patchmail.verdict NOT NULL DEFAULT 'conflict',
    revise      patchmail.verdict NOT NULL DEFAULT 'conflict',
    -- What reviewers say of a cover letter counts for each patch of its series.
    cover_trailers boolean NOT NULL DEFAULT false,
    -- The weakest evidence by which a patch is marked as committed.
    commits     text NOT NULL DEFAULT 'title' CHECK (commits IN ('off', 'link', 'hash', 'patch-id', 'title')),
    archive_after interval CHECK (archive_after > interval '0'),  -- open patches are archived then; NULL: never
    show_addresses boolean NOT NULL DEFAULT true                  -- readers get the addresses of people
);
