-- Version 10: archives of mail are read on from where they were left.

-- How far they have been read.
CREATE TABLE patchmail.archive (
    archive     text PRIMARY KEY,
    deliverer   name,
    holder      text,
    held_until  timestamptz
);

CREATE TABLE patchmail.archive_mark (
    archive  text NOT NULL REFERENCES patchmail.archive ON DELETE CASCADE,
    place    text NOT NULL,
    mark     text NOT NULL,
    moved    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (archive, place)
);

-- Mail of history makes events that nobody is told of: these functions take or give more.
DROP FUNCTION IF EXISTS _patchmail.event_date(integer, integer);
DROP FUNCTION IF EXISTS _patchmail.take_mark(jsonb, bytea);
