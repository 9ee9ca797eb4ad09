-- What patchmail.check() gives: one thing that cannot be right.

CREATE TYPE patchmail.fault AS (
    project    text,    -- its linkname; NULL for what is of none
    kind       text,    -- of patchmail.check_kinds
    object     text,    -- mail (a row of patchmail.message), patch, series, event ...
    object_id  bigint,  -- its id in its table
    detail     text
);
