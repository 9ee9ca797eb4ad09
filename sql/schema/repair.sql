-- What admins repaired, as far as mail that comes later has to know it.

-- Old addresses of people who were made one (patchmail.merge_person): mail from there is the other one's.
CREATE TABLE patchmail.person_alias (
    email      text COLLATE "C" PRIMARY KEY,  -- in upper case, of ASCII letters alone
    person_id  integer NOT NULL               -- no foreign key: Patchwork may delete its people
);

-- People whose name an admin gave (patchmail.rename_person): no mail changes it.
CREATE TABLE patchmail.person_name (
    person_id  integer PRIMARY KEY,
    name       text NOT NULL
);

-- Mail that an admin took out of a project: it is in another one now, or was deleted, and does not come back.
CREATE TABLE patchmail.removed (
    project_id     integer NOT NULL,
    msgid          text NOT NULL,
    to_project_id  integer,         -- where it is; NULL if it was deleted
    author         text,            -- the address, of deleted mail: another author's mail may have the Message-ID
    why            text NOT NULL,
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, msgid)
);
CREATE INDEX removed_to ON patchmail.removed (to_project_id, project_id) WHERE to_project_id IS NOT NULL;
