-- Version 3: who really sent a mail, and what a project makes of that; how far IMAP mailboxes have been taken.

CREATE TYPE patchmail.verdict AS ENUM ('ambiguous', 'fail', 'conflict', 'claimed', 'none', 'pass');
CREATE TABLE patchmail.authentication (
    message_id   bigint NOT NULL,
    position     integer NOT NULL,
    source       text NOT NULL CHECK (source IN ('exchanger', 'list', 'arc', 'received-spf', 'other')),
    field_index  integer NOT NULL,
    authserv_id  text,
    trusted      boolean NOT NULL,
    method       text NOT NULL,
    result       text NOT NULL,
    identity     text,
    alignment    text CHECK (alignment IN ('strict', 'relaxed', 'none')),
    reason       text,
    PRIMARY KEY (message_id, position)
);
ALTER TABLE patchmail.message
    ADD COLUMN verdict patchmail.verdict NOT NULL DEFAULT 'none',
    ADD COLUMN verdict_reason text,
    ADD COLUMN names boolean NOT NULL DEFAULT true;
ALTER TABLE patchmail.policy
    ADD COLUMN store patchmail.verdict NOT NULL DEFAULT 'ambiguous',
    ADD COLUMN otherwise text NOT NULL DEFAULT 'quarantine' CHECK (otherwise IN ('quarantine', 'refuse')),
    ADD COLUMN hints patchmail.verdict NOT NULL DEFAULT 'conflict',
    ADD COLUMN rename patchmail.verdict NOT NULL DEFAULT 'conflict';

CREATE TABLE patchmail.cursor (
    account      text NOT NULL,
    mailbox      text NOT NULL,
    uidvalidity  bigint NOT NULL,
    last_uid     bigint NOT NULL DEFAULT 0,
    moved        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, mailbox)
);
CREATE TABLE patchmail.deferred_uid (
    account   text NOT NULL,
    mailbox   text NOT NULL,
    uid       bigint NOT NULL,
    attempts  integer NOT NULL DEFAULT 1,
    reason    text NOT NULL,
    last_try  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, mailbox, uid),
    FOREIGN KEY (account, mailbox) REFERENCES patchmail.cursor ON DELETE CASCADE
);
CREATE TABLE patchmail.unsettled_uid (
    account  text NOT NULL,
    mailbox  text NOT NULL,
    uid      bigint NOT NULL,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, mailbox, uid),
    FOREIGN KEY (account, mailbox) REFERENCES patchmail.cursor ON DELETE CASCADE
);

-- Functions that are called otherwise now.
DROP FUNCTION IF EXISTS patchmail.set_policy(text, boolean, boolean);
DROP FUNCTION IF EXISTS patchmail.find_person(jsonb, timestamptz);
