-- Mail that was ignored, of which nothing else is left: how much of each list, for which reason, each day
-- (_patchmail.note_ignored).  The view patchmail.ignored adds it up.

CREATE TABLE patchmail.ignored_mail (
    day         date NOT NULL,         -- in UTC
    list_id     text NOT NULL,         -- '' if it has none
    reason      text NOT NULL,
    slot        integer NOT NULL,      -- those that come at once are counted in rows of their own
    mails       bigint NOT NULL DEFAULT 1,
    last_msgid  text,
    last_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (day, list_id, reason, slot)
);
