-- What a project wants done beyond storing its mail.  Without a row, nothing: patchmail.set_policy() writes them.

CREATE TABLE patchmail.policy (
    project_id  integer PRIMARY KEY,             -- no foreign key: Patchwork may delete its projects
    relate      boolean NOT NULL DEFAULT false,  -- the versions of a patch are related, as users do by hand
    supersede   boolean NOT NULL DEFAULT false   -- a complete new version supersedes the open patches of the old ones
);
