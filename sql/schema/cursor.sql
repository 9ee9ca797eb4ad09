-- How far the mail of each IMAP mailbox has been taken.  The rows move in the transaction that stores a mail.

CREATE TABLE patchmail.cursor (
    account      text NOT NULL,
    mailbox      text NOT NULL,
    uidvalidity  bigint NOT NULL,                     -- of the mailbox; another one makes all UIDs new
    last_uid     bigint NOT NULL DEFAULT 0,           -- the highest that has been taken or is deferred
    moved        timestamptz NOT NULL DEFAULT now(),  -- when that was
    deliverer    name,                                -- the role that follows it; NULL: whoever opens it next
    holder       text,                                -- the process that follows it, NULL if none does ...
    held_until   timestamptz,                         -- ... and until when nobody else may
    server       text,                                -- "USER at HOST" where it is; others have other mail
    trusted_uid  bigint NOT NULL DEFAULT 0,           -- up to it all count as taken, and taken_uid has none of them
    witness_uid  bigint,                              -- a mail by which UIDs that begin anew are noticed ...
    witness      text,                                -- ... and what it is known by
    PRIMARY KEY (account, mailbox)
);

-- Which UIDs have been taken or are deferred, 1024 in a row: one may appear after a higher one.
CREATE TABLE patchmail.taken_uid (
    account  text NOT NULL,
    mailbox  text NOT NULL,
    block    bigint NOT NULL,     -- UID / 1024
    uids     bit(1024) NOT NULL,  -- at UID % 1024
    PRIMARY KEY (account, mailbox, block),
    FOREIGN KEY (account, mailbox) REFERENCES patchmail.cursor ON DELETE CASCADE
);

-- Mail that could not be stored yet: it is tried again, and the others go on.  And mail that is being fetched.
CREATE TABLE patchmail.deferred_uid (
    account   text NOT NULL,
    mailbox   text NOT NULL,
    uid       bigint NOT NULL,
    attempts  integer NOT NULL DEFAULT 1,      -- that were in vain
    reason    text NOT NULL,
    last_try  timestamptz NOT NULL DEFAULT now(),
    withheld  boolean NOT NULL DEFAULT false,  -- the server has it and does not hand it over
    asked     boolean NOT NULL DEFAULT false,  -- it is asked for now; or was, when its process ended
    PRIMARY KEY (account, mailbox, uid),
    FOREIGN KEY (account, mailbox) REFERENCES patchmail.cursor ON DELETE CASCADE
);

-- Mail that is stored, while it is not known yet that it was flagged, moved or deleted as the account wants it.
CREATE TABLE patchmail.unsettled_uid (
    account  text NOT NULL,
    mailbox  text NOT NULL,
    uid      bigint NOT NULL,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, mailbox, uid),
    FOREIGN KEY (account, mailbox) REFERENCES patchmail.cursor ON DELETE CASCADE
);
