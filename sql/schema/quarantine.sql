-- Mail that could not be stored: why, when, how often, and every byte of it.

CREATE TABLE patchmail.quarantine (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reason    text NOT NULL,
    msgid     text,
    subject   text,
    sha256    text,                   -- of the whole mail; NULL for one that came in pieces
    size      bigint NOT NULL,        -- bytes kept
    source    jsonb NOT NULL,         -- where the mail came from
    facts     jsonb NOT NULL,         -- what was read of it
    arrived   timestamptz NOT NULL DEFAULT now(),
    attempts  integer NOT NULL DEFAULT 1,
    last_try  timestamptz NOT NULL DEFAULT now(),
    mark      text CHECK (mark IN ('retry', 'release')),  -- what an admin wants: another try, or stored in any case
    marked_by text
);
CREATE INDEX quarantine_marked ON patchmail.quarantine (id) WHERE mark IS NOT NULL;
-- The same mail again counts as another attempt.
CREATE UNIQUE INDEX quarantine_sha256 ON patchmail.quarantine (sha256);

CREATE TABLE patchmail.quarantine_part (
    quarantine_id  bigint NOT NULL REFERENCES patchmail.quarantine ON DELETE CASCADE,
    part           integer NOT NULL,
    raw            bytea NOT NULL,
    PRIMARY KEY (quarantine_id, part)
);
-- Mail is compressed badly and is never searched.
ALTER TABLE patchmail.quarantine_part ALTER COLUMN raw SET STORAGE EXTERNAL;

-- Mail that could not be stored within its time, so far (patchmail.overdue).
CREATE TABLE patchmail.overdue (
    sha256     text PRIMARY KEY,               -- of the mail
    msgid      text,
    projects   text,                           -- their linknames
    attempts   integer NOT NULL DEFAULT 1,     -- that count
    seconds    integer NOT NULL,               -- that the shortest of them took
    newest     bigint NOT NULL,                -- the id of the newest mail in the ledger at the last of them
    first_try  timestamptz NOT NULL DEFAULT now(),
    last_try   timestamptz NOT NULL DEFAULT now()
);
