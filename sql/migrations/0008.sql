-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.

CREATE TABLE patchmail.event_order (
    position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id  integer NOT NULL
);
