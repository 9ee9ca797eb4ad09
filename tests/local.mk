# Tests: all of them speak TAP.

UNIT_TESTS = \
	%D%/unit/archive/test_archive \
	%D%/unit/archive/test_kind \
	%D%/unit/archive/test_mbox \
	%D%/unit/archive/test_public_inbox \
	%D%/unit/authentication/test_alignment \
	%D%/unit/authentication/test_arc \
	%D%/unit/authentication/test_authentication \
	%D%/unit/authentication/test_authentication_arc \
	%D%/unit/authentication/test_authentication_attacks \
	%D%/unit/authentication/test_authentication_corpora \
	%D%/unit/authentication/test_authentication_results \
	%D%/unit/authentication/test_authentication_results_bytes \
	%D%/unit/authentication/test_boundary \
	%D%/unit/authentication/test_claim \
	%D%/unit/authentication/test_received \
	%D%/unit/authentication/test_received_spf \
	%D%/unit/authentication/test_signature \
	%D%/unit/authentication/test_submission_authentication \
	%D%/unit/authentication/test_trust \
	%D%/unit/authentication/test_verdict \
	%D%/unit/base/test_child \
	%D%/unit/base/test_deadline \
	%D%/unit/base/test_descriptors \
	%D%/unit/base/test_holder \
	%D%/unit/base/test_log \
	%D%/unit/base/test_options \
	%D%/unit/base/test_outcome \
	%D%/unit/base/test_spool \
	%D%/unit/commands/test_import_foresight \
	%D%/unit/commands/test_import_progress \
	%D%/unit/commands/test_import_tally \
	%D%/unit/database/test_remedy \
	%D%/unit/doctor/test_findings \
	%D%/unit/facts/test_at_limits \
	%D%/unit/facts/test_corpus \
	%D%/unit/facts/test_document \
	%D%/unit/facts/test_submission \
	%D%/unit/hook/test_result \
	%D%/unit/hook/test_signature \
	%D%/unit/imap/test_answer \
	%D%/unit/imap/test_look \
	%D%/unit/imap/test_stream \
	%D%/unit/imap/test_sieve \
	%D%/unit/imap/test_pattern \
	%D%/unit/imap/test_utf7 \
	%D%/unit/lmtp/test_session \
	%D%/unit/mail/test_address \
	%D%/unit/mail/test_author \
	%D%/unit/mail/test_charset \
	%D%/unit/mail/test_checksum \
	%D%/unit/mail/test_cleartext \
	%D%/unit/mail/test_date \
	%D%/unit/mail/test_header \
	%D%/unit/mail/test_lexical \
	%D%/unit/mail/test_limits \
	%D%/unit/mail/test_list_id \
	%D%/unit/mail/test_message \
	%D%/unit/mail/test_original_author \
	%D%/unit/mail/test_references \
	%D%/unit/mail/test_text \
	%D%/unit/mail/test_transfer \
	%D%/unit/mail/test_wrapper \
	%D%/unit/parser/test_pool \
	%D%/unit/parser/test_filter \
	%D%/unit/parser/test_process \
	%D%/unit/parser/test_sandbox \
	%D%/unit/patch/test_content \
	%D%/unit/patch/test_diff \
	%D%/unit/patch/test_file_names \
	%D%/unit/patch/test_hunk \
	%D%/unit/patch/test_known_lines \
	%D%/unit/patch/test_patch_hash \
	%D%/unit/patch/test_patch_id \
	%D%/unit/patch/test_pull_request \
	%D%/unit/patch/test_reply_mark \
	%D%/unit/patch/test_subject \
	%D%/unit/patch/test_trailers \
	%D%/unit/settings/test_configuration \
	%D%/unit/settings/test_archive_settings \
	%D%/unit/settings/test_hook_settings \
	%D%/unit/settings/test_imap_account \
	%D%/unit/settings/test_recipients

# Whole-program tests; they are skipped if PostgreSQL is missing.
PROGRAM_TESTS = \
	%D%/t/archives.t \
	%D%/t/authentication_corpora.t \
	%D%/t/bad_input.t \
	%D%/t/batches.t \
	%D%/t/ci_bots.t \
	%D%/t/cli.t \
	%D%/t/completion.t \
	%D%/t/container.t \
	%D%/t/conformance.t \
	%D%/t/database_faults.t \
	%D%/t/deleted.t \
	%D%/t/deliver.t \
	%D%/t/deliverer.t \
	%D%/t/doctor.t \
	%D%/t/dovecot_sieve.t \
	%D%/t/event_order.t \
	%D%/t/events.t \
	%D%/t/explain.t \
	%D%/t/failover.t \
	%D%/t/follow.t \
	%D%/t/follow_public_inbox.t \
	%D%/t/follow_systemd.t \
	%D%/t/frozen.t \
	%D%/t/git_am.t \
	%D%/t/growth.t \
	%D%/t/hostile_sender.t \
	%D%/t/hosts.t \
	%D%/t/imap.t \
	%D%/t/imap_examples.t \
	%D%/t/imap_faults.t \
	%D%/t/imap_hostile.t \
	%D%/t/imap_login.t \
	%D%/t/imap_many.t \
	%D%/t/imap_quirks.t \
	%D%/t/imap_ways.t \
	%D%/t/imap_mailboxes.t \
	%D%/t/imap_reasons.t \
	%D%/t/imap_service.t \
	%D%/t/imap_systemd.t \
	%D%/t/imap_tls.t \
	%D%/t/imap_uids.t \
	%D%/t/import.t \
	%D%/t/import_kill.t \
	%D%/t/lmtp.t \
	%D%/t/lmtp_deliver.t \
	%D%/t/lmtp_hostile.t \
	%D%/t/lmtp_systemd.t \
	%D%/t/notify.t \
	%D%/t/notify_command.t \
	%D%/t/notify_hostile.t \
	%D%/t/notify_systemd.t \
	%D%/t/outcomes.t \
	%D%/t/overdue.t \
	%D%/t/parallel.t \
	%D%/t/parse.t \
	%D%/t/patch_id.t \
	%D%/t/patchwork_web.t \
	%D%/t/pgbouncer.t \
	%D%/t/manual.t \
	%D%/t/policy.t \
	%D%/t/post_receive.t \
	%D%/t/postfix.t \
	%D%/t/postfix_faults.t \
	%D%/t/postfix_recipes.t \
	%D%/t/public_inbox.t \
	%D%/t/quarantine.t \
	%D%/t/raw.t \
	%D%/t/recipes.t \
	%D%/t/rehash.t \
	%D%/t/reparse.t \
	%D%/t/runaway.t \
	%D%/t/sandbox.t \
	%D%/t/seed.t \
	%D%/t/setup.t \
	%D%/t/shots.t \
	%D%/t/silence.t \
	%D%/t/surroundings.t \
	%D%/t/tutorial.t \
	%D%/t/uninstall.t \
	%D%/t/units.t

# Tests of the database alone.
DATABASE_TESTS = \
	%D%/t/dashboards.t \
	%D%/t/growth_sql.t \
	%D%/t/install.t \
	%D%/t/order.t \
	%D%/t/rest.t \
	%D%/t/sql.t \
	%D%/t/threads.t \
	%D%/t/update.t

TREE_TESTS = %D%/check-layers %D%/check-limits %D%/check-lists %D%/check-man

check_PROGRAMS = contrib/bench-insert contrib/bench-notify %D%/unit/parser/bad_parser %D%/unit/parser/odd_parser \
	%D%/unit/parser/escaping_parser %D%/unit/parser/withhold \
	%D%/unit/growth
contrib_bench_insert_LDADD = $(PQ_LIBS)
contrib_bench_notify_LDADD = $(PQ_LIBS) $(CURL_LIBS)
# The parser of parser/test_process and test_pool: it dies, hangs and talks nonsense.
tests_unit_parser_bad_parser_SOURCES = %D%/unit/parser/bad_parser.c $(WORKER)
tests_unit_parser_bad_parser_LDADD = $(GLIB_LIBS) $(SECCOMP_LIBS)
# That of parser/test_sandbox: it does what no parser may.
tests_unit_parser_escaping_parser_SOURCES = %D%/unit/parser/escaping_parser.c $(WORKER)
tests_unit_parser_escaping_parser_LDADD = $(GLIB_LIBS) $(SECCOMP_LIBS)
# By which sandbox.t takes from the kernel what sandboxes are made of.
# It describes the filter.
tests_unit_parser_test_filter_SOURCES = %D%/unit/parser/test_filter.c daemon/parser/filter.c
tests_unit_parser_test_filter_LDADD = $(GLIB_LIBS) $(SECCOMP_LIBS) $(CMOCKA_LIBS)
tests_unit_parser_withhold_LDADD = $(SECCOMP_LIBS)
# The parser of batches.t: ours, but for what goes wrong.
tests_unit_parser_odd_parser_SOURCES = %D%/unit/parser/odd_parser.c $(WORKER)
tests_unit_parser_odd_parser_LDADD = libpatchmail.a $(MAIL_LIBS) $(SECCOMP_LIBS)
# What growth.t runs.
tests_unit_growth_LDADD = libpatchmaildarchive.a libpatchmaild.a libpatchmail.a $(MAIL_LIBS)
# These share how the verdict on a header is reached.
VERDICTS = %D%/unit/authentication/verdicts.c %D%/unit/authentication/verdicts.h
tests_unit_authentication_test_authentication_SOURCES = %D%/unit/authentication/test_authentication.c $(VERDICTS)
tests_unit_authentication_test_authentication_arc_SOURCES = \
	%D%/unit/authentication/test_authentication_arc.c $(VERDICTS)
tests_unit_authentication_test_authentication_attacks_SOURCES = \
	%D%/unit/authentication/test_authentication_attacks.c $(VERDICTS)
# These visit archives, and note what they are given.
VISITS = %D%/unit/archive/visits.c %D%/unit/archive/visits.h
tests_unit_archive_test_archive_SOURCES = %D%/unit/archive/test_archive.c $(VISITS)
tests_unit_archive_test_public_inbox_SOURCES = %D%/unit/archive/test_public_inbox.c $(VISITS)
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
endif
LDADD = libpatchmaildarchive.a libpatchmaild.a libpatchmail.a $(MAIL_LIBS) $(PQ_LIBS) $(ARCHIVE_LIBS) $(ZLIB_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_base_test_holder_LDADD = libpatchmaildservice.a libpatchmaild.a $(GLIB_LIBS) $(CMOCKA_LIBS)
tests_unit_imap_test_look_LDADD = $(patchmaild_imap_LDADD) $(CMOCKA_LIBS)
tests_unit_imap_test_answer_LDADD = libpatchmaildimap.a $(GLIB_LIBS) $(CMOCKA_LIBS)
tests_unit_imap_test_stream_LDADD = libpatchmaildimap.a libpatchmaild.a $(GLIB_LIBS) $(GNUTLS_LIBS) $(ETPAN_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_doctor_test_findings_LDADD = libpatchmailddoctor.a libpatchmaild.a $(GLIB_LIBS) $(JANSSON_LIBS) \
	$(CMOCKA_LIBS)
HOOK_LDADD = libpatchmaildhook.a libpatchmaildservice.a libpatchmaild.a $(GLIB_LIBS) $(JANSSON_LIBS) $(PQ_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_hook_test_result_LDADD = $(HOOK_LDADD)
tests_unit_hook_test_signature_LDADD = $(HOOK_LDADD)
tests_unit_imap_test_sieve_LDADD = libpatchmaildimap.a libpatchmaild.a $(ETPAN_LIBS) $(GLIB_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_imap_test_pattern_LDADD = libpatchmaildimap.a $(GLIB_LIBS) $(CMOCKA_LIBS)
tests_unit_imap_test_utf7_LDADD = libpatchmaildimap.a $(GLIB_LIBS) $(CMOCKA_LIBS)
tests_unit_lmtp_test_session_LDADD = libpatchmaildlmtp.a libpatchmaild.a $(GLIB_LIBS) $(CMOCKA_LIBS)
tests_unit_base_test_spool_LDADD = libpatchmaildservice.a libpatchmaild.a $(GLIB_LIBS) $(CMOCKA_LIBS)

TESTS = $(TREE_TESTS) $(DATABASE_TESTS) $(PROGRAM_TESTS)
if HAVE_CMOCKA
TESTS += $(UNIT_TESTS)
endif
TEST_EXTENSIONS = .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
T_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	PATCHMAILD='$(abs_top_builddir)/patchmaild'; export PATCHMAILD;

EXTRA_DIST += $(TREE_TESTS) $(DATABASE_TESTS) $(PROGRAM_TESTS) %D%/authentication %D%/corpus %D%/fuzz %D%/rest \
	%D%/sql %D%/t %D%/threads \
	%D%/conformance.accept %D%/cppcheck.supp %D%/valgrind.supp

# Fuzzers: --enable-fuzzing CC=clang ------------------------------------------------------------------------------

FUZZERS = \
	%D%/fuzz/fuzz_authentication \
	%D%/fuzz/fuzz_authentication_results \
	%D%/fuzz/fuzz_diff \
	%D%/fuzz/fuzz_facts \
	%D%/fuzz/fuzz_key_file \
	%D%/fuzz/fuzz_lmtp \
	%D%/fuzz/fuzz_mbox \
	%D%/fuzz/fuzz_patch_id \
	%D%/fuzz/fuzz_pull_request \
	%D%/fuzz/fuzz_sieve \
	%D%/fuzz/fuzz_subject \
	%D%/fuzz/fuzz_trailers \
	%D%/fuzz/fuzz_utf7
FUZZ_LDADD = libpatchmail.a $(MAIL_LIBS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_authentication_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_authentication_results_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_diff_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_facts_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_key_file_LDADD = libpatchmaild.a libpatchmail.a $(GLIB_LIBS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_lmtp_LDADD = libpatchmaildlmtp.a libpatchmaild.a $(GLIB_LIBS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_mbox_LDADD = libpatchmaildarchive.a $(GLIB_LIBS) $(NETTLE_LIBS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_patch_id_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_pull_request_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_sieve_LDADD = libpatchmaildimap.a libpatchmaild.a $(ETPAN_LIBS) $(GLIB_LIBS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_subject_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_trailers_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_utf7_LDADD = libpatchmaildimap.a $(GLIB_LIBS) $(FUZZ_LDFLAGS)
if ENABLE_FUZZING
noinst_PROGRAMS = $(FUZZERS)
endif
