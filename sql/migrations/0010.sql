-- Version 10: patterns of admins that run away are stopped.

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
