-- The bytes of mail that is stored, as far as they are kept ([archive] raw of patchmaild.conf(5)), for whoever wants to
-- read it again.  A mail is a row, however many projects have it.  No foreign keys: what is in the ledger may go.
--
-- Each month has a partition of its own, raw_YYYY_MM in UTC, so that old mail is dropped in no time
-- (patchmail.expire_raw).  _patchmail.make_raw_months makes them; what comes while there is none goes to raw_rest.  The
-- partitions to come are made like that one.

CREATE SEQUENCE patchmail.raw_id_seq AS bigint;
CREATE TABLE patchmail.raw (
    id       bigint NOT NULL DEFAULT nextval('patchmail.raw_id_seq'),  -- in the order in which they came
    sha256   bytea NOT NULL,                      -- of the bytes
    msgid    text NOT NULL,                       -- as the ledger has it
    arrived  timestamptz NOT NULL DEFAULT now(),  -- that of the ledger's row, if that mail was made of these bytes
    size     integer NOT NULL,                    -- in bytes
    source   jsonb NOT NULL,                      -- where the mail came from
    raw      bytea NOT NULL                       -- compressed (compression.sql)
) PARTITION BY RANGE (arrived);
CREATE INDEX raw_id ON patchmail.raw (id);
CREATE INDEX raw_msgid ON patchmail.raw (msgid);
ALTER SEQUENCE patchmail.raw_id_seq OWNED BY patchmail.raw.id;

-- The same bytes are kept once a month: a unique index over all partitions would need "arrived" as well.
CREATE TABLE patchmail.raw_rest PARTITION OF patchmail.raw (PRIMARY KEY (sha256)) DEFAULT;
