-- Version 10: archives of mail are read on from where they were left; patterns of admins that run away are stopped.

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

-- Patterns that ran away on a mail, and are passed over.
CREATE TABLE patchmail.runaway (
    kind       text NOT NULL CHECK (kind IN ('subject_match', 'tag', 'delegation rule')),
    object_id  integer NOT NULL,
    pattern    text NOT NULL,
    noticed    timestamptz NOT NULL DEFAULT clock_timestamp(),
    took       interval NOT NULL,
    msgid      text,
    PRIMARY KEY (kind, object_id, pattern)
);
