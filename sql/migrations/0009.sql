-- Version 9: the mailboxes of an IMAP account are followed whatever their server says of their numbers.

-- Mails are asked for many at a time, and noted before: which of them are on their way.
ALTER TABLE patchmail.deferred_uid ADD COLUMN asked boolean NOT NULL DEFAULT false;
