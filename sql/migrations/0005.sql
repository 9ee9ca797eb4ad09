-- Version 5: what a stranger may not do: take somebody's place, name or Message-ID, or stop a project.

CREATE TABLE patchmail.unplaced (
    project_id  integer NOT NULL,
    pile        integer NOT NULL,
    step        integer NOT NULL,
    msgid       text NOT NULL,
    after       bigint NOT NULL,
    PRIMARY KEY (project_id, pile, step, msgid)
);
DROP FUNCTION IF EXISTS patchmail.take_comment(patchmail.message);
DROP FUNCTION IF EXISTS patchmail.place_answers(integer, text);
DROP FUNCTION IF EXISTS patchmail.find_delegate(integer, text, jsonb);

CREATE TABLE patchmail.overdue (
    sha256     text PRIMARY KEY,
    msgid      text,
    projects   text,
    attempts   integer NOT NULL DEFAULT 1,
    seconds    integer NOT NULL,
    newest     bigint NOT NULL,
    first_try  timestamptz NOT NULL DEFAULT now(),
    last_try   timestamptz NOT NULL DEFAULT now()
);
