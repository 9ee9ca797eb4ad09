-- Version 9: the mailboxes of an IMAP account are followed whatever their server says of their numbers.

