-- What patchmaild knows of the Patchwork beside it: one row.

CREATE TABLE patchmail.setting (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    time_zone    text NOT NULL,     -- Patchwork's TIME_ZONE: what it calls 12:00 stands in its tables as 12:00 of there
    local_clock  boolean NOT NULL   -- its events have the time of there, as its newer releases have it, not UTC
);

-- What _patchmail.event_date() knows of the events that are there, so that it need not ask them; sequences are cheap to
-- read.  The id of the last one that we wrote, and its date, in microseconds since 1970.
CREATE SEQUENCE patchmail.known_event AS bigint MINVALUE 0;
CREATE SEQUENCE patchmail.last_date AS bigint MINVALUE 0;
