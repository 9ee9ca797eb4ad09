-- How long what is kept, at the least: patchmail.housekeeping() removes what is older.  patchmail.set_retention()
-- writes it.

CREATE TABLE patchmail.retention (
    what  text PRIMARY KEY CHECK (what IN ('waiting', 'ignored', 'overdue', 'quarantine', 'audit', 'raw',
                                         'undelivered')),
    keep  interval CHECK (keep >= interval '0')  -- NULL: for ever
);
INSERT INTO patchmail.retention (what, keep) VALUES
    ('waiting', '30 days'), ('ignored', '30 days'), ('overdue', '30 days'), ('quarantine', NULL), ('audit', NULL),
    ('raw', '1 year'), ('undelivered', NULL);
