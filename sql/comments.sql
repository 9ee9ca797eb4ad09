-- What the tables of schema patchmail are, for \d+.  Run by install.sql every time.

COMMENT ON TABLE patchmail.installed IS 'The versions of schema patchmail that this database has had.';
COMMENT ON TABLE patchmail.setting IS 'What patchmaild knows of the Patchwork beside it: one row.';
COMMENT ON TABLE patchmail.message IS 'The ledger: what is known of every message, a row a project and Message-ID.';
COMMENT ON TABLE patchmail.authentication IS
    'What was said of each message, by whom, and whether that one is trusted: a row a result.';
COMMENT ON TABLE patchmail.reference IS 'Who refers to which Message-ID.';
COMMENT ON TABLE patchmail.alias IS 'The second Message-ID of mail that a list wrapped in another one.';
COMMENT ON TABLE patchmail.unplaced IS 'Mails whose answers are still to be looked at (place_waiting).';
COMMENT ON TABLE patchmail.dependency IS 'What mails name that their series depend on, or replace.';
COMMENT ON TABLE patchmail.revision IS 'Which series replaces which, as it was entered in a table of Patchwork.';
COMMENT ON TABLE patchmail.quarantine IS 'Mail that could not be stored: why, when and how often.';
COMMENT ON TABLE patchmail.quarantine_part IS 'The bytes of the mail in quarantine.';
COMMENT ON TABLE patchmail.overdue IS 'Mail that could not be stored in its time, so far.';
COMMENT ON TABLE patchmail.ignored_mail IS 'How much mail was ignored; the view ignored adds it up.';
COMMENT ON TABLE patchmail.policy IS 'What each project wants: set_policy() writes it.';
COMMENT ON TABLE patchmail.cursor IS 'How far each IMAP mailbox has been taken.';
COMMENT ON TABLE patchmail.taken_uid IS 'Which UIDs of each IMAP mailbox have been taken.';
COMMENT ON TABLE patchmail.archive IS 'The archives of mail that are read, and who follows them.';
COMMENT ON TABLE patchmail.archive_mark IS 'How far each archive has been read; the view archives shows it.';
COMMENT ON TABLE patchmail.event_order IS 'The order in which events were committed: events_after() reads it.';
COMMENT ON TABLE patchmail.hook IS 'Receivers of events, and how far each was told; the view hooks shows them.';
COMMENT ON TABLE patchmail.deferred_event IS
    'Events that a hook''s receiver did not take: they are tried again, or dead.';
COMMENT ON TABLE patchmail.deferred_uid IS
    'Mail of IMAP mailboxes that is tried again, and why it could not be stored.';
COMMENT ON TABLE patchmail.unsettled_uid IS
    'Stored mail of IMAP mailboxes that is still to be flagged, moved or deleted there.';
COMMENT ON TABLE patchmail.audit IS 'What admins did by these functions: who, when, what, before and after.';
COMMENT ON TABLE patchmail.raw IS 'The bytes of stored mail, as far as they are kept: a partition a month.';
COMMENT ON TYPE patchmail.verdict IS 'Who really sent a mail, from the least to the best verdict on its author.';
COMMENT ON TYPE patchmail.committed IS 'What find_committed() gives: a patch that a commit may have been made of.';
COMMENT ON TYPE patchmail.fault IS 'What check() gives: one thing that cannot be right.';
COMMENT ON TABLE patchmail.retention IS 'How long what is kept: set_retention() writes it, housekeeping() follows it.';
COMMENT ON TABLE patchmail.person_alias IS 'Old addresses of people who were made one: merge_person() writes it.';
COMMENT ON TABLE patchmail.person_name IS 'People whose name an admin gave: rename_person() writes it.';
COMMENT ON TABLE patchmail.runaway IS 'Patterns of admins that ran away on a mail, and are passed over.';
COMMENT ON TABLE patchmail.removed IS 'Mail that an admin took out of a project, and where it is now, if anywhere.';
