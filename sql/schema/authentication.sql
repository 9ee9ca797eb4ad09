-- Who really sent a mail: the verdict on its author, and what was said of the mail by whom (patchmaild-facts(5)).

-- From the least to the best, so that verdicts are compared with >=.
CREATE TYPE patchmail.verdict AS ENUM ('ambiguous', 'fail', 'conflict', 'claimed', 'none', 'pass');

-- One row a result.  Written and removed with the message; a foreign key would cost a delivery more than the rows do.
CREATE TABLE patchmail.authentication (
    message_id   bigint NOT NULL,
    position     integer NOT NULL,  -- in the facts, from 1
    -- Whose word it is.
    source       text NOT NULL CHECK (source IN ('exchanger', 'list', 'arc', 'received-spf', 'other')),
    field_index  integer NOT NULL,  -- of the field in the mail's header, from 0
    authserv_id  text,              -- what that one calls itself
    trusted      boolean NOT NULL,
    method       text NOT NULL,
    result       text NOT NULL,
    identity     text,              -- the domain or address that it speaks of
    alignment    text CHECK (alignment IN ('strict', 'relaxed', 'none')),  -- with the author's domain
    reason       text,
    PRIMARY KEY (message_id, position)
);
