-- Version 4: how far the mail of IMAP mailboxes has been taken.

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
