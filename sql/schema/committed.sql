-- What patchmail.find_committed() gives: a patch that a commit may have been made of.

CREATE TYPE patchmail.committed AS (
    project     text,     -- its linkname
    patch_id    integer,
    msgid       text,
    name        text,
    state       text,     -- its slug
    commit_ref  text,     -- the commit that it has now
    evidence    text,     -- link, hash, patch-id or title
    marks       boolean,  -- whether patchmail.mark_committed() gives it the commit
    reason      text      -- why not
);
