-- The versions of schema patchmail that this database has had, and since when.

COMMENT ON SCHEMA patchmail IS 'patchmaild: what it adds to the tables of Patchwork';

CREATE TABLE patchmail.installed (
    version integer PRIMARY KEY CHECK (version > 0),
    at      timestamptz NOT NULL DEFAULT now()
);
