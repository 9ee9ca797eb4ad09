-- What admins did by patchmail's functions: who, when, what, and how it was before and after.  A row an object.

CREATE TABLE patchmail.audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    role        name NOT NULL DEFAULT session_user,  -- that was logged in
    actor       text,                                -- the user of Patchwork in whose name it was done, or NULL
    function    text NOT NULL,                       -- of schema patchmail
    project_id  integer,                             -- no foreign key: Patchwork may delete its projects
    object      text NOT NULL,                       -- patch, cover, series, comment, person, mail, project ...
    object_id   bigint,                              -- its id in its table
    before      jsonb,                               -- what was changed of it; NULL if it was not there
    after       jsonb                                -- NULL if it is gone
);
CREATE INDEX audit_object ON patchmail.audit (object, object_id);
CREATE INDEX audit_at ON patchmail.audit (at);
