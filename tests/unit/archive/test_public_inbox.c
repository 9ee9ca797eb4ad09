/* test_public_inbox.c - repositories of public-inbox: epochs, deletions, rewritten history, and hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include "archive/deletions.h"
#include "visits.h"

/* The commands of git fast-import that make the history of a repository. */
static GString *history;

static void begin_history(void)
{
	if (history)
		g_string_free(history, TRUE);
	history = g_string_new(NULL);
}

static void commit(void)
{
	g_string_append(history, "commit refs/heads/master\ncommitter A <a@example.org> 1700000000 +0000\ndata 0\n");
}

/* A commit with this one file, or one more of it. */
static void commit_file(const char *name, const char *subject, bool alone)
{
	g_autofree char *mail = visits_mail(subject);

	commit();
	g_string_append_printf(history, "%sM 100644 inline %s\ndata %zu\n%s\n", alone ? "deleteall\n" : "", name,
	                       strlen(mail), mail);
}

/* Of v2: mails come, "-NAME" deletes one; "" is a commit without any. */
static void commit_all(const char *subjects)
{
	g_auto(GStrv) words = g_strsplit(subjects, " ", -1);

	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0') {
			commit();
			g_string_append(history, "deleteall\n");
		} else {
			commit_file(**word == '-' ? "d" : "m", **word == '-' ? *word + 1 : *word, true);
		}
	}
}

/* Make the repository, or add to it; with `anew` its history becomes another one. */
static void make_repository(const char *name, bool anew)
{
	g_autofree char *command =
		g_strdup_printf("git init -q --bare %s 2>/dev/null && git --git-dir=%s symbolic-ref HEAD "
	                        "refs/heads/master && git --git-dir=%s fast-import --quiet --force <history",
	                        name, name, name);

	if (!anew) {
		/* Goes on with what there is. */
		char *first = strstr(history->str, "data 0\n");

		g_string_insert(history, first - history->str + (gssize)strlen("data 0\n"),
		                "from refs/heads/master^0\n");
	}
	visits_write("history", history->str);
	visits_run(command);
	begin_history();
}

static void make_epoch(const char *name, const char *subjects)
{
	begin_history();
	commit_all(subjects);
	make_repository(name, true);
}

static void add_to_epoch(const char *name, const char *subjects)
{
	begin_history();
	commit_all(subjects);
	make_repository(name, false);
}

static void test_epochs(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("list/git/0.git", "a b");
	make_epoch("list/git/1.git", "c");
	make_epoch("list/git/2.git", "d e");
	visits_run("git init -q --bare list/all.git");
	visits_check(visits, "list", "public-inbox v2, 3 epochs", "a b c d e", "");
	visits_check(visits, "list", "public-inbox v2, 3 epochs", "", "");
	add_to_epoch("list/git/2.git", "f");
	make_epoch("list/git/10.git", "g h");
	visits_check(visits, "list", "public-inbox v2, 4 epochs", "f g h", "");
	visits_check(visits, "list", "public-inbox v2, 4 epochs", "", "");
	visits_free(visits);
	visits = visits_new();
	visits_check(visits, "list/git", "public-inbox v2, 4 epochs", "a b c d e f g h", "");
	visits_free(visits);
}

static void test_pieces(void **state)
{
	struct visits *visits = visits_new();
	g_autoptr(GString) all = g_string_new(NULL);

	(void)state;
	make_epoch("list/git/0.git", "a b c -b");
	make_epoch("list/git/1.git", "d e -a f");
	visits->most = 1;
	for (unsigned i = 0; i < 10; i++) {
		g_autofree char *kind = visits_look(visits, "list");

		assert_string_equal(kind, "public-inbox v2, 2 epochs");
		assert_string_equal(visits->problems->str, "");
		g_string_append_printf(all, "%s ", visits->mails->str);
	}
	/* It is known at once that the archive deleted them later. */
	assert_string_equal(all->str, "- - c d e f     ");
	visits_free(visits);
}

/* One repository: bare, with a work tree, as a mirror; named by its folder or by .git. */
static void test_one_repository(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("0.git", "a b");
	visits_run("git clone -q 0.git tree && git clone -q --mirror 0.git mirror");
	visits_check(visits, "0.git", "public-inbox v2, 1 epoch", "a b", "");
	visits_check(visits, "tree", "public-inbox v2, 1 epoch", "a b", "");
	visits_check(visits, "tree/.git", "public-inbox v2, 1 epoch", "", "");
	visits_check(visits, "mirror", "public-inbox v2, 1 epoch", "a b", "");
	visits_free(visits);
}

static void test_deletions(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	/* Deleted at once, again and again, before it came, in another epoch, and taken in again at last. */
	make_epoch("list/git/0.git", "a -a b c -c c -c d -x e x");
	make_epoch("list/git/1.git", "-b f -d d  g -nobody ");
	visits_check(visits, "list", "public-inbox v2, 2 epochs", "- - - - - e x f d g", "");
	visits_check(visits, "list", "public-inbox v2, 2 epochs", "", "");
	/* What was taken before is deleted: nothing is given, and the mark goes on. */
	add_to_epoch("list/git/1.git", "-g -f");
	visits_check(visits, "list", "public-inbox v2, 2 epochs", "", "");
	add_to_epoch("list/git/1.git", "h");
	visits_check(visits, "list", "public-inbox v2, 2 epochs", "h", "");
	visits_free(visits);
}

/* An epoch that is behind is read after the deletions of those after it, old and new. */
static void test_late_epoch(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("list/git/1.git", "c -a d -b");
	visits_check(visits, "list", "public-inbox v2, 1 epoch", "c d", "");
	make_epoch("list/git/0.git", "a b z");
	add_to_epoch("list/git/1.git", "-z");
	visits_check(visits, "list", "public-inbox v2, 2 epochs", "- - -", "");
	visits_free(visits);
}

static void test_loops(void **state)
{
	struct visits *visits = visits_new();
	g_autoptr(GString) subjects = g_string_new("a");

	(void)state;
	for (unsigned i = 0; i < 3000; i++)
		g_string_append(subjects, i % 2 ? " a" : " -a");
	g_string_append(subjects, " last");
	make_epoch("0.git", subjects->str);
	g_free(visits_look(visits, "0.git"));
	assert_true(g_str_has_suffix(visits->mails->str, " - a last"));
	visits_free(visits);
}

static void test_rewritten(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("list/git/0.git", "a b c");
	visits_check(visits, "list", "public-inbox v2, 1 epoch", "a b c", "");
	/* public-inbox-purge leaves commits without a mail. */
	begin_history();
	commit_all("a  c d");
	make_repository("list/git/0.git", true);
	visits_check(visits, "list", "public-inbox v2, 1 epoch", "a c d",
	             "anew list/git/0.git: its history was rewritten\n");
	visits_check(visits, "list", "public-inbox v2, 1 epoch", "", "");
	/* The old commits are gone as well. */
	begin_history();
	commit_all("a c e");
	make_repository("list/git/0.git", true);
	visits_run("cd list/git/0.git && git reflog expire --all --expire=now && git prune --expire=now");
	visits_check(visits, "list", "public-inbox v2, 1 epoch", "a c e",
	             "anew list/git/0.git: its history was rewritten\n");
	visits_free(visits);
}

static void test_shallow(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("0.git", "a b c");
	visits_run("git clone -q --bare --depth=1 \"file://$PWD/0.git\" shallow.git");
	visits_check(visits, "shallow.git", "public-inbox v2, 1 epoch", "c", "");
	visits_check(visits, "shallow.git", "public-inbox v2, 1 epoch", "", "");
	visits_run("git --git-dir=shallow.git fetch -q --deepen=1");
	visits_check(visits, "shallow.git", "public-inbox v2, 1 epoch", "b c",
	             "anew shallow.git: another part of its history is there\n");
	visits_free(visits);
}

/* v1: a mail is a file; one commit may have several. */
#define NAME(digit) digit digit "/" digit "123456789abcdef0123456789abcdef012345"
static void test_v1(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	begin_history();
	commit_file(NAME("a"), "a", false);
	commit_file(NAME("b"), "b", false);
	g_string_append_printf(history, "M 100644 inline %s\ndata 11\nSubject: c\n\n", NAME("c"));
	commit_file(NAME("d"), "d", false);
	commit();
	g_string_append(history, "D " NAME("b") "\n");
	commit_file(NAME("d"), "edited", false);
	make_repository("list", true);
	visits_check(visits, "list", "public-inbox v1", "a - c - edited", "");
	visits_check(visits, "list", "public-inbox v1", "", "");
	begin_history();
	commit_file(NAME("e"), "e", false);
	make_repository("list", false);
	visits_check(visits, "list", "public-inbox v1", "e", "");
	visits_free(visits);
	visits = visits_new();
	/* Stopped inside a commit, it begins with that commit again. */
	visits->most = 3;
	visits_check(visits, "list", "public-inbox v1", "a - c", "");
	visits->most = 2;
	visits_free(visits);
	visits = visits_new();
	visits->most = 2;
	visits_check(visits, "list", "public-inbox v1", "a -", "");
	visits->most = 0;
	visits_check(visits, "list", "public-inbox v1", "- c - edited e", "");
	visits_free(visits);
}

static void test_others(void **state)
{
	struct visits *visits = visits_new();
	char *kind;

	(void)state;
	begin_history();
	commit_file("README", "a", false);
	make_repository("code.git", true);
	kind = visits_look(visits, "code.git");
	assert_non_null(strstr(kind, "code.git: is a git repository, but none of public-inbox"));
	g_free(kind);
	visits_run("git init -q --bare empty.git");
	visits_check(visits, "empty.git", "public-inbox without a mail yet", "", "");
	make_epoch("0.git", "a");
	visits_run("git --git-dir=0.git symbolic-ref HEAD refs/heads/elsewhere");
	kind = visits_look(visits, "0.git");
	assert_non_null(
		strstr(kind, "0.git: its HEAD names a branch that is not there, but there is refs/heads/master"));
	g_free(kind);
	visits_free(visits);
}

/* Objects that are not there are an error, and the mails before them are given; later ones wait. */
static void test_torn(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("list/git/0.git", "a b c");
	make_epoch("list/git/1.git", "d");
	visits_run("cd list/git/0.git && blob=$(git rev-parse HEAD~1:m) && "
	           "mv objects/$(echo $blob | cut -c 1-2)/$(echo $blob | cut -c 3-) blob && echo $blob >name");
	g_free(visits_look(visits, "list"));
	assert_string_equal(visits->mails->str, "a d");
	assert_true(
		g_str_has_prefix(visits->problems->str, "list/git/0.git: the repository does not have its object "));
	visits_run("cd list/git/0.git && mv blob objects/$(cut -c 1-2 name)/$(cut -c 3- name)");
	visits_check(visits, "list", "public-inbox v2, 2 epochs", "b c", "");
	/* A commit is missing: that epoch is not read, and those after it are. */
	visits_run("cd list/git/0.git && commit=$(git rev-parse HEAD~2) && "
	           "rm -f objects/$(echo $commit | cut -c 1-2)/$(echo $commit | cut -c 3-)");
	visits_free(visits);
	visits = visits_new();
	g_free(visits_look(visits, "list"));
	assert_string_equal(visits->mails->str, "d");
	assert_true(g_str_has_prefix(visits->problems->str, "list/git/0.git: git cannot read its history: "));
	visits_free(visits);
}

/* Whatever a repository's configuration and hooks would start is not started. */
static void test_programs(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("0.git", "a b");
	visits_run("printf '#!/bin/sh\\ntouch \"%s/started\"\\nexit 1\\n' \"$PWD\" >program && chmod 755 program && "
	           "cd 0.git && for hook in post-checkout reference-transaction post-index-change fsmonitor-watchman "
	           "pre-auto-gc; do mkdir -p hooks && cp ../program hooks/$hook; done && "
	           "for key in core.fsmonitor core.pager core.sshCommand core.askPass core.editor gpg.program "
	           "diff.external diff.d.textconv filter.f.smudge credential.helper core.alternateRefsCommand "
	           "uploadpack.packObjectsHook core.gitProxy pager.rev-list pager.cat-file; do "
	           "git config $key ../program; done; git config log.showSignature true; "
	           "git config alias.rev-list '!../program'; git config alias.cat-file '!../program'; "
	           "echo '* diff=d filter=f' >info/attributes; git config core.hooksPath hooks; "
	           "blob=$(git rev-parse HEAD:m); "
	           "rm -f ../started objects/$(echo $blob | cut -c 1-2)/$(echo $blob | cut -c 3-); "
	           "git config core.repositoryFormatVersion 1; git config extensions.partialClone origin; "
	           "git config remote.origin.promisor true; git config remote.origin.url 'ext::../program'; "
	           "git config protocol.ext.allow always; git config protocol.allow always; "
	           "git config remote.origin.uploadpack ../program; rm -f ../started");
	setenv("GIT_DIR", "/nonexistent", 1);
	setenv("GIT_EXTERNAL_DIFF", "false", 1);
	setenv("GIT_OBJECT_DIRECTORY", "/nonexistent", 1);
	g_free(visits_look(visits, "0.git"));
	unsetenv("GIT_DIR");
	unsetenv("GIT_EXTERNAL_DIFF");
	unsetenv("GIT_OBJECT_DIRECTORY");
	assert_string_equal(visits->mails->str, "a");
	assert_true(g_str_has_prefix(visits->problems->str, "0.git: "));
	visits_run("test ! -e started");
	visits_free(visits);
}

/* The repository is another user's: it is read all the same, since it was named. */
static void test_replaced(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	make_epoch("0.git", "a b");
	visits_run("cd 0.git && git replace $(git rev-parse HEAD:m) $(git rev-parse HEAD~1:m)");
	visits_check(visits, "0.git", "public-inbox v2, 1 epoch", "a b", "");
	if (geteuid() == 0) {
		visits_run("chown -R 12345 0.git");
		visits_free(visits);
		visits = visits_new();
		visits_check(visits, "0.git", "public-inbox v2, 1 epoch", "a b", "");
	}
	visits_free(visits);
}

static void test_table(void **state)
{
	struct deletions *deletions = deletions_new();
	uint8_t key[DELETIONS_KEY] = {0};
	bool fits = true;

	(void)state;
	assert_false(deletions_has(deletions, key, 0));
	assert_true(deletions_add(deletions, key, 5));
	assert_true(deletions_add(deletions, key, 3));
	assert_true(deletions_has(deletions, key, 4));
	assert_false(deletions_has(deletions, key, 5));
	/* The same one again and again takes no room. */
	for (unsigned i = 0; i < DELETIONS_MAX * 2; i++)
		assert_true(deletions_add(deletions, key, i));
	/* Others do, up to a limit. */
	for (uint32_t i = 0; fits && i < DELETIONS_MAX * 4; i++) {
		memcpy(key + 4, &i, sizeof(i));
		fits = deletions_add(deletions, key, 7);
	}
	assert_false(fits);
	deletions_free(deletions);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, visits_make_root, visits_remove_root)
	const struct CMUnitTest tests[] = {
		TEST(test_epochs),
		TEST(test_pieces),
		TEST(test_one_repository),
		TEST(test_deletions),
		TEST(test_late_epoch),
		TEST(test_loops),
		TEST(test_rewritten),
		TEST(test_shallow),
		TEST(test_v1),
		TEST(test_others),
		TEST(test_torn),
		TEST(test_programs),
		TEST(test_replaced),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
