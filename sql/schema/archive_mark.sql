-- How far archives of mail have been read.  The marks move in the transaction that stores a mail.

CREATE TABLE patchmail.archive (
    archive     text PRIMARY KEY,
    deliverer   name,        -- the role that reads it; NULL: whoever reads it next
    holder      text,        -- the process that follows it, NULL if none does ...
    held_until  timestamptz  -- ... and until when nobody else may
);

-- One for each part of an archive that is read from its beginning to its end: a file, a folder, a repository.
CREATE TABLE patchmail.archive_mark (
    archive  text NOT NULL REFERENCES patchmail.archive ON DELETE CASCADE,
    place    text NOT NULL,
    mark     text NOT NULL,                       -- where to go on; what it says is the program's
    moved    timestamptz NOT NULL DEFAULT now(),  -- when it was last moved
    PRIMARY KEY (archive, place)
);
