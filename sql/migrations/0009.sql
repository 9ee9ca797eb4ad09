-- Version 9: the mailboxes of an IMAP account are followed whatever their server says of their numbers.

ALTER TABLE patchmail.cursor
    ADD COLUMN server text,
    ADD COLUMN trusted_uid bigint NOT NULL DEFAULT 0,
    ADD COLUMN witness_uid bigint,
    ADD COLUMN witness text;
UPDATE patchmail.cursor SET trusted_uid = last_uid;

CREATE TABLE patchmail.taken_uid (
    account  text NOT NULL,
    mailbox  text NOT NULL,
    block    bigint NOT NULL,
    uids     bit(1024) NOT NULL,
    PRIMARY KEY (account, mailbox, block),
    FOREIGN KEY (account, mailbox) REFERENCES patchmail.cursor ON DELETE CASCADE
);

-- Mails are asked for many at a time, and noted before: which of them are on their way.
ALTER TABLE patchmail.deferred_uid ADD COLUMN asked boolean NOT NULL DEFAULT false;
