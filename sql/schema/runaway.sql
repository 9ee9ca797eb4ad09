-- Patterns of admins that ran away on a mail and were stopped (_patchmail.stop_pattern): they are passed over from then
-- on.  A pattern that is written otherwise is another one.

CREATE TABLE patchmail.runaway (
    kind       text NOT NULL CHECK (kind IN ('subject_match', 'tag', 'delegation rule')),
    object_id  integer NOT NULL,  -- of the project, the tag, the rule
    pattern    text NOT NULL,     -- as the admin wrote it
    noticed    timestamptz NOT NULL DEFAULT clock_timestamp(),
    took       interval NOT NULL,
    msgid      text,              -- of the mail; NULL if that is not known there
    PRIMARY KEY (kind, object_id, pattern)
);
