-- Hooks: receivers of events, each with how far it was told of them.  A process that delivers moves the row, in
-- patchmail.hook_next(), after the receiver took the events.

CREATE TABLE patchmail.hook (
    name            text PRIMARY KEY,
    notifier        name,                                -- the role that serves it; NULL: whoever opens it next
    filter          text NOT NULL,                       -- which events it wants, as patchmail.event_list takes it
    base_url        text NOT NULL,                       -- what the URLs in its documents begin with
    give_up         interval NOT NULL,                   -- how long an event is tried
    position        bigint NOT NULL,                     -- every event up to it is delivered, set aside or not wanted
    since           timestamptz NOT NULL DEFAULT now(),  -- when it was made, or an admin moved it
    last_delivered  timestamptz,
    given           bigint[] NOT NULL DEFAULT '{}',      -- what the holder has been given after position
    head            bigint,                              -- the event that waits since the receiver failed ...
    attempts        integer NOT NULL DEFAULT 0,          -- ... how often it has ...
    reason          text,                                -- ... why ...
    next_try        timestamptz,                         -- ... and when it is tried again
    probe           bigint,                              -- the event after this is tried, to see whether the head alone
                                                         -- fails; NULL: no other is
    retries_failed  integer NOT NULL DEFAULT 0,          -- of what is set aside, since something was delivered ...
    next_retry      timestamptz,                         -- ... nothing of it is tried before
    retried         boolean NOT NULL DEFAULT false,      -- what was given last alone was set aside: now the others
    holder          text,                                -- the process that serves it, NULL if none does ...
    held_until      timestamptz                          -- ... and until when nobody else may
);

-- Events that a receiver refused, or failed with them alone: they are tried again, and the others go on.
CREATE TABLE patchmail.deferred_event (
    hook       text NOT NULL REFERENCES patchmail.hook ON DELETE CASCADE,
    position   bigint NOT NULL,         -- in patchmail.event_order
    attempts   integer NOT NULL,
    reason     text NOT NULL,
    first_try  timestamptz NOT NULL DEFAULT now(),
    next_try   timestamptz NOT NULL,
    dead       boolean NOT NULL DEFAULT false,  -- it is not tried again until an admin wants it
    PRIMARY KEY (hook, position)
);
CREATE INDEX deferred_event_due ON patchmail.deferred_event (hook, next_try) WHERE NOT dead;
