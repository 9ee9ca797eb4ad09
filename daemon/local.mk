# The program: a folder a layer, in the order of tests/check-layers.  A file includes what is in its own folder, or
# below.

AM_CPPFLAGS = -D_GNU_SOURCE -DARCHIVE_PROGRAM='"$(pkglibexecdir)/patchmaild-archive"' \
	-DFOLLOW_PROGRAM='"$(pkglibexecdir)/patchmaild-follow"' \
	-DIMAP_PROGRAM='"$(pkglibexecdir)/patchmaild-imap"' \
	-DLMTP_PROGRAM='"$(pkglibexecdir)/patchmaild-lmtp"' \
	-DNOTIFY_PROGRAM='"$(pkglibexecdir)/patchmaild-notify"' \
	-DDOCTOR_PROGRAM='"$(pkglibexecdir)/patchmaild-doctor"' -DSQL_FOLDER='"$(pkgdatadir)/sql"' \
	-DPARSER_PROGRAM='"$(pkglibexecdir)/patchmaild-parser"' -D_FILE_OFFSET_BITS=64 -I$(srcdir)/daemon \
	$(GLIB_CFLAGS) $(GMIME_CFLAGS) $(JANSSON_CFLAGS) $(PQ_CFLAGS) $(PSL_CFLAGS) $(NETTLE_CFLAGS) $(GNUTLS_CFLAGS) \
	$(SYSTEMD_CFLAGS) $(CURL_CFLAGS) $(ARCHIVE_CFLAGS) $(ZLIB_CFLAGS) $(SECCOMP_CFLAGS) \
	$(ETPAN_CFLAGS) $(CMOCKA_CFLAGS)
AM_CFLAGS = $(WARN_CFLAGS) $(HARDEN_CFLAGS) $(INSTRUMENT_CFLAGS) $(REPRODUCIBLE_CFLAGS)
AM_LDFLAGS = $(HARDEN_LDFLAGS) $(INSTRUMENT_CFLAGS)

sbin_PROGRAMS = patchmaild
noinst_LIBRARIES = libpatchmail.a libpatchmaild.a libpatchmaildarchive.a libpatchmaildfollow.a libpatchmaildimap.a \
	libpatchmaildhook.a libpatchmaildlmtp.a libpatchmaildservice.a libpatchmailddoctor.a

# What a mail says: pure, no I/O.  The parser, the unit tests and the fuzzers link it.
libpatchmail_a_SOURCES = \
	%D%/facts/document.c %D%/facts/document.h \
	%D%/facts/head.c %D%/facts/head.h \
	%D%/facts/submission.c %D%/facts/submission.h \
	%D%/authentication/alignment.c %D%/authentication/alignment.h \
	%D%/authentication/arc.c %D%/authentication/arc.h \
	%D%/authentication/authentication.c %D%/authentication/authentication.h \
	%D%/authentication/authentication_results.c %D%/authentication/authentication_results.h \
	%D%/authentication/boundary.c %D%/authentication/boundary.h \
	%D%/authentication/claim.c %D%/authentication/claim.h \
	%D%/authentication/list_verdict.c %D%/authentication/list_verdict.h \
	%D%/authentication/received.c %D%/authentication/received.h \
	%D%/authentication/received_spf.c %D%/authentication/received_spf.h \
	%D%/authentication/signature.c %D%/authentication/signature.h \
	%D%/authentication/trust.c %D%/authentication/trust.h \
	%D%/authentication/verdict.c %D%/authentication/verdict.h \
	%D%/patch/content.c %D%/patch/content.h \
	%D%/patch/diff.c %D%/patch/diff.h \
	%D%/patch/file_names.c %D%/patch/file_names.h \
	%D%/patch/hunk.c %D%/patch/hunk.h \
	%D%/patch/known_lines.c %D%/patch/known_lines.h \
	%D%/patch/patch_hash.c %D%/patch/patch_hash.h \
	%D%/patch/patch_id.c %D%/patch/patch_id.h \
	%D%/patch/pull_request.c %D%/patch/pull_request.h \
	%D%/patch/reply_mark.c %D%/patch/reply_mark.h \
	%D%/patch/subject.c %D%/patch/subject.h \
	%D%/patch/trailers.c %D%/patch/trailers.h \
	%D%/mail/address.c %D%/mail/address.h \
	%D%/mail/author.c %D%/mail/author.h \
	%D%/mail/charset.c %D%/mail/charset.h \
	%D%/mail/checksum.c %D%/mail/checksum.h \
	%D%/mail/cleartext.c %D%/mail/cleartext.h \
	%D%/mail/date.c %D%/mail/date.h \
	%D%/mail/fold.c %D%/mail/fold.h \
	%D%/mail/header.c %D%/mail/header.h \
	%D%/mail/lexical.c %D%/mail/lexical.h \
	%D%/mail/limits.c %D%/mail/limits.h \
	%D%/mail/list_id.c %D%/mail/list_id.h \
	%D%/mail/mailbox.c %D%/mail/mailbox.h \
	%D%/mail/message.c %D%/mail/message.h \
	%D%/mail/original_author.c %D%/mail/original_author.h \
	%D%/mail/references.c %D%/mail/references.h \
	%D%/mail/text.c %D%/mail/text.h \
	%D%/mail/transfer.c %D%/mail/transfer.h \
	%D%/mail/whitespace.h \
	%D%/mail/wrapper.c %D%/mail/wrapper.h

# Everything else but main().
libpatchmaild_a_SOURCES = \
	%D%/commands/deliver.c %D%/commands/deliver.h \
	%D%/commands/parse_file.c %D%/commands/parse_file.h \
	%D%/commands/explain.c %D%/commands/explain.h \
	%D%/commands/rehash.c %D%/commands/rehash.h \
	%D%/commands/retry.c %D%/commands/retry.h \
	%D%/lmtp/client.c %D%/lmtp/client.h \
	%D%/lmtp/command.c %D%/lmtp/command.h \
	%D%/ingest/ingest.c %D%/ingest/ingest.h \
	%D%/ingest/mail.c %D%/ingest/mail.h \
	%D%/ingest/oversized.c %D%/ingest/oversized.h \
	%D%/ingest/read.c %D%/ingest/read.h \
	%D%/database/archive_mark.c %D%/database/archive_mark.h \
	%D%/database/connection.c %D%/database/connection.h \
	%D%/database/hosts.c %D%/database/hosts.h \
	%D%/database/pipeline.c %D%/database/pipeline.h \
	%D%/database/raw.c %D%/database/raw.h \
	%D%/database/remedy.c %D%/database/remedy.h \
	%D%/database/source.c %D%/database/source.h \
	%D%/database/store.c %D%/database/store.h \
	%D%/parser/frame.h \
	%D%/parser/pool.c %D%/parser/pool.h \
	%D%/parser/process.c %D%/parser/process.h \
	%D%/settings/archive_settings.c %D%/settings/archive_settings.h \
	%D%/settings/configuration.c %D%/settings/configuration.h \
	%D%/settings/conninfo.c %D%/settings/conninfo.h \
	%D%/settings/hook_settings.c %D%/settings/hook_settings.h \
	%D%/settings/host.c %D%/settings/host.h \
	%D%/settings/imap_account.c %D%/settings/imap_account.h \
	%D%/settings/lmtp_settings.c %D%/settings/lmtp_settings.h \
	%D%/settings/recipients.c %D%/settings/recipients.h \
	%D%/settings/secret.c %D%/settings/secret.h \
	%D%/settings/value.c %D%/settings/value.h \
	%D%/base/child.c %D%/base/child.h \
	%D%/base/deadline.c %D%/base/deadline.h \
	%D%/base/descriptors.c %D%/base/descriptors.h \
	%D%/base/key_file.c %D%/base/key_file.h \
	%D%/base/log.c %D%/base/log.h \
	%D%/base/memory.c %D%/base/memory.h \
	%D%/base/options.c %D%/base/options.h \
	%D%/base/outcome.c %D%/base/outcome.h \
	%D%/base/programs.c %D%/base/programs.h \
	%D%/base/resolve.c %D%/base/resolve.h

# What reads archives.
libpatchmaildarchive_a_SOURCES = \
	%D%/commands/import.c %D%/commands/import.h \
	%D%/commands/import_date.c %D%/commands/import_date.h \
	%D%/commands/import_foresight.c %D%/commands/import_foresight.h \
	%D%/commands/import_progress.c %D%/commands/import_progress.h \
	%D%/commands/import_source.c %D%/commands/import_source.h \
	%D%/commands/import_stop.c %D%/commands/import_stop.h \
	%D%/commands/import_tally.c %D%/commands/import_tally.h \
	%D%/commands/parse.c %D%/commands/parse.h \
	%D%/commands/reparse.c %D%/commands/reparse.h \
	%D%/archive/archive.c %D%/archive/archive.h \
	%D%/archive/blobs.c %D%/archive/blobs.h \
	%D%/archive/deletions.c %D%/archive/deletions.h \
	%D%/archive/file.c %D%/archive/file.h \
	%D%/archive/folder.c %D%/archive/folder.h \
	%D%/archive/git.c %D%/archive/git.h \
	%D%/archive/history.c %D%/archive/history.h \
	%D%/archive/kind.c %D%/archive/kind.h \
	%D%/archive/listing.c %D%/archive/listing.h \
	%D%/archive/mark.c %D%/archive/mark.h \
	%D%/archive/mbox.c %D%/archive/mbox.h \
	%D%/archive/public_inbox.c %D%/archive/public_inbox.h \
	%D%/archive/repositories.c %D%/archive/repositories.h \
	%D%/archive/stream.c %D%/archive/stream.h \
	%D%/archive/tar.c %D%/archive/tar.h \
	%D%/archive/tar_members.c %D%/archive/tar_members.h \
	%D%/archive/uncompress.c %D%/archive/uncompress.h \
	%D%/archive/visit.c %D%/archive/visit.h \
	%D%/archive/visitor.h

# What follows an IMAP account.
libpatchmaildimap_a_SOURCES = \
	%D%/commands/imap.c %D%/commands/imap.h \
	%D%/imap/answer.c %D%/imap/answer.h \
	%D%/imap/command.c %D%/imap/command.h \
	%D%/imap/fetch.c %D%/imap/fetch.h \
	%D%/imap/intake.c %D%/imap/intake.h \
	%D%/imap/look.c %D%/imap/look.h \
	%D%/imap/service.c %D%/imap/service.h \
	%D%/imap/login.c %D%/imap/login.h \
	%D%/imap/session.c %D%/imap/session.h \
	%D%/imap/sieve.c %D%/imap/sieve.h %D%/imap/sieve_number.h \
	%D%/imap/sieve_fetch.c %D%/imap/sieve_fetch.h \
	%D%/imap/sieve_line.c %D%/imap/sieve_line.h \
	%D%/imap/sieve_search.c %D%/imap/sieve_search.h \
	%D%/imap/stream.c %D%/imap/stream.h \
	%D%/imap/trace.c %D%/imap/trace.h \
	%D%/imap/list.c %D%/imap/list.h \
	%D%/imap/mailboxes.c %D%/imap/mailboxes.h \
	%D%/imap/pattern.c %D%/imap/pattern.h \
	%D%/imap/uids.h \
	%D%/imap/utf7.c %D%/imap/utf7.h \
	%D%/imap/visit.c %D%/imap/visit.h \
	%D%/database/cursor.c %D%/database/cursor.h

# What follows an archive.
libpatchmaildfollow_a_SOURCES = \
	%D%/commands/follow.c %D%/commands/follow.h \
	%D%/follow/fetch.c %D%/follow/fetch.h \
	%D%/follow/service.c %D%/follow/service.h \
	%D%/follow/visit.c %D%/follow/visit.h \
	%D%/follow/watch.c %D%/follow/watch.h

# What looks at all that mail needs.
libpatchmailddoctor_a_SOURCES = \
	%D%/commands/doctor.c %D%/commands/doctor.h \
	%D%/doctor/accounts.c %D%/doctor/accounts.h \
	%D%/doctor/database.c %D%/doctor/database.h \
	%D%/doctor/findings.c %D%/doctor/findings.h \
	%D%/doctor/parsing.c %D%/doctor/parsing.h \
	%D%/doctor/services.c %D%/doctor/services.h \
	%D%/doctor/settings.c %D%/doctor/settings.h

# What serves a hook.
libpatchmaildhook_a_SOURCES = \
	%D%/commands/notify.c %D%/commands/notify.h \
	%D%/hook/command.c %D%/hook/command.h \
	%D%/hook/post.c %D%/hook/post.h \
	%D%/hook/receiver.c %D%/hook/receiver.h \
	%D%/hook/report.c %D%/hook/report.h \
	%D%/hook/result.c %D%/hook/result.h \
	%D%/hook/service.c %D%/hook/service.h \
	%D%/hook/signature.c %D%/hook/signature.h \
	%D%/database/hook.c %D%/database/hook.h

# What serves clients of LMTP.
libpatchmaildlmtp_a_SOURCES = \
	%D%/commands/lmtp.c %D%/commands/lmtp.h \
	%D%/lmtp/connection.c %D%/lmtp/connection.h \
	%D%/lmtp/intake.c %D%/lmtp/intake.h \
	%D%/lmtp/listener.c %D%/lmtp/listener.h \
	%D%/lmtp/replies.c %D%/lmtp/replies.h \
	%D%/lmtp/reply.c %D%/lmtp/reply.h \
	%D%/lmtp/server.c %D%/lmtp/server.h \
	%D%/lmtp/session.c %D%/lmtp/session.h

# What these share; most of them run as services.
libpatchmaildservice_a_SOURCES = \
	%D%/commands/service_command.c %D%/commands/service_command.h \
	%D%/commands/service_main.c %D%/commands/service_main.h \
	%D%/service/complaint.c %D%/service/complaint.h \
	%D%/service/duty.c %D%/service/duty.h \
	%D%/service/end.h \
	%D%/service/tally.c %D%/service/tally.h \
	%D%/database/lease.c %D%/database/lease.h \
	%D%/base/command.c %D%/base/command.h \
	%D%/base/holder.c %D%/base/holder.h \
	%D%/base/notify.c %D%/base/notify.h \
	%D%/base/signals.c %D%/base/signals.h \
	%D%/base/spool.c %D%/base/spool.h \
	%D%/base/systemd.h

patchmaild_SOURCES = %D%/commands/main.c
patchmaild_LDADD = libpatchmaild.a libpatchmail.a $(GLIB_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS)

# What reads archives or follows an IMAP account or an archive is a program of its own, and so is what serves a hook, or
# clients of LMTP, or looks at all of that: no delivery loads its libraries.
pkglibexec_PROGRAMS = patchmaild-archive patchmaild-doctor patchmaild-follow patchmaild-imap patchmaild-lmtp \
	patchmaild-notify patchmaild-parser
patchmaild_archive_SOURCES = %D%/commands/archive_main.c
patchmaild_archive_LDADD = libpatchmaildarchive.a libpatchmaildservice.a libpatchmaild.a libpatchmail.a $(GLIB_LIBS) \
	$(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS) $(ARCHIVE_LIBS) $(ZLIB_LIBS)
patchmaild_follow_SOURCES = %D%/commands/follow_main.c
patchmaild_follow_LDADD = libpatchmaildfollow.a libpatchmaildarchive.a libpatchmaildservice.a libpatchmaild.a \
	libpatchmail.a $(GLIB_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS) $(SYSTEMD_LIBS)
patchmaild_imap_SOURCES = %D%/commands/imap_main.c
patchmaild_imap_LDADD = libpatchmaildimap.a libpatchmaildservice.a libpatchmaild.a libpatchmail.a $(GLIB_LIBS) \
	$(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS) $(GNUTLS_LIBS) $(SYSTEMD_LIBS) $(ETPAN_LIBS)
patchmaild_doctor_SOURCES = %D%/commands/doctor_main.c
patchmaild_doctor_LDADD = libpatchmailddoctor.a libpatchmaildimap.a libpatchmaildservice.a libpatchmaild.a \
	libpatchmail.a $(GLIB_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS) $(GNUTLS_LIBS) $(SYSTEMD_LIBS) \
	$(ETPAN_LIBS)
patchmaild_lmtp_SOURCES = %D%/commands/lmtp_main.c
patchmaild_lmtp_LDADD = libpatchmaildlmtp.a libpatchmaildservice.a libpatchmaild.a libpatchmail.a $(GLIB_LIBS) \
	$(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS) $(SYSTEMD_LIBS)
patchmaild_notify_SOURCES = %D%/commands/notify_main.c
patchmaild_notify_LDADD = libpatchmaildhook.a libpatchmaildservice.a libpatchmaild.a libpatchmail.a $(GLIB_LIBS) \
	$(JANSSON_LIBS) $(NETTLE_LIBS) $(PQ_LIBS) $(SYSTEMD_LIBS) $(CURL_LIBS)

# So is the parser: it knows nothing of the database, and the program nothing of GMime.
WORKER = %D%/parser/worker.c %D%/parser/worker.h %D%/parser/sandbox.c %D%/parser/sandbox.h %D%/parser/filter.c \
	%D%/parser/filter.h %D%/base/descriptors.c %D%/base/memory.c
patchmaild_parser_SOURCES = %D%/parser/main.c $(WORKER)
patchmaild_parser_LDADD = libpatchmail.a $(MAIL_LIBS) $(SECCOMP_LIBS)
MAIL_LIBS = $(GMIME_LIBS) $(GLIB_LIBS) $(JANSSON_LIBS) $(PSL_LIBS) $(NETTLE_LIBS)

dist_man_MANS = %D%/patchmaild.8 %D%/patchmaild-setup.8 %D%/patchmaild.conf.5 %D%/patchmaild-facts.5 \
	%D%/patchmaild-limits.5 %D%/patchmaild-authentication.7 \
	%D%/patchmaild-security.7 %D%/patchmaild-deployment.7 %D%/patchmaild-tutorial.7 %D%/patchmail.7 \
	%D%/patchmail-events.7
