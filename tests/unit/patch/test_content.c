/* test_content.c - content.c: what of a mail is its comment, and what its diff. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "patch/content.h"

#define DIFF "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
#define DIFF2 "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d\n"
#define WRAPPED "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a a a\n+b\nb b\n"
#define WHOLE "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a a a\n+b b b\n"
#define DIFF_TEXT "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b"
#define PULL_TEXT                                                      \
	"The following changes since commit 0123456789:\n\n  Lamp\n\n" \
	"are available in the git repository at:\n\n  git://git.example.org/lamp.git for-1.1"
#define PLAIN(text) "--x\n\n" text "\n"
#define PATCH(text) "--x\nContent-Type: text/x-patch\n\n" text
#define FILE_PART(text) "--x\nContent-Type: application/octet-stream; name=a.patch\n\n" text
#define FORMATTED "From: J <j@example.org>\nSubject: s\n\nmessage\n" DIFF
#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n"

/* A mail, from its MIME fields on.  `problem` is the one that it has, or NULL. */
static void check_problem(const char *subject_text, const char *mail, const char *comment, const char *diff,
                          const char *problem)
{
	g_autofree char *whole = g_strconcat("From: J <j@example.org>\n", mail, NULL);
	g_autofree char *got_comment = NULL, *got_diff = NULL, *footer = NULL;
	struct message *message = NULL;
	struct subject subject;
	char *reason = NULL;

	assert_int_equal(message_parse(whole, strlen(whole), &message, &reason), 0);
	subject_init(&subject, subject_text, false);
	content_read(message, &subject, &got_comment, &got_diff, &footer);
	if (g_strcmp0(got_comment, comment) != 0 || g_strcmp0(got_diff, diff) != 0)
		fail_msg("%s\ngives the comment\n%s\nand the diff\n%s", mail, got_comment, got_diff);
	assert_int_equal(message->problems->len, problem != NULL);
	if (problem)
		assert_string_equal(g_ptr_array_index(message->problems, 0), problem);
	subject_release(&subject);
	message_free(message);
}

/* What is cut stands in the footer, whatever it is cut from. */
static void check_footer(const char *subject_text, const char *mail, const char *expected)
{
	g_autofree char *whole = g_strconcat("From: J <j@example.org>\n", mail, NULL);
	g_autofree char *comment = NULL, *diff = NULL, *footer = NULL;
	struct message *message = NULL;
	struct subject subject;
	char *reason = NULL;

	assert_int_equal(message_parse(whole, strlen(whole), &message, &reason), 0);
	subject_init(&subject, subject_text, false);
	content_read(message, &subject, &comment, &diff, &footer);
	if (strcmp(g_strstrip(footer), expected) != 0)
		fail_msg("%s\ngives the footer\n%s", mail, footer);
	subject_release(&subject);
	message_free(message);
}

static void check(const char *subject, const char *mail, const char *comment, const char *diff)
{
	check_problem(subject, mail, comment, diff, NULL);
}

static void test_one_part(void **state)
{
	(void)state;
	check("s", "\n words\n\n" DIFF, "words", DIFF);
	check("s", "\nwords\n", "words", NULL);
	check("s", "\nwords\n-- \nJ\n", "words", NULL);
	check("s", "\n" DIFF "-- \nJ\n", "", DIFF);
	check("s", "\n \n", "", NULL);
}

static void test_several_parts(void **state)
{
	(void)state;
	check("s", MIXED PLAIN("one") PLAIN("two") "--x--\n", "one\ntwo", NULL);
	check("s", MIXED PLAIN("one\n" DIFF) PLAIN("two\n" DIFF2) "--x--\n",
	      "one\ntwo\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d", DIFF);
	check("s", MIXED PLAIN("one") PATCH(DIFF "\n") "--x--\n", "one", DIFF);
	check("s", MIXED PATCH(DIFF "\n") PATCH(DIFF2 "\n") "--x--\n", "", DIFF DIFF2);
	check("s", MIXED PATCH("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n") PATCH(DIFF2) "--x--\n", "",
	      DIFF "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d");
	check("s", MIXED PLAIN("one\n" DIFF) FILE_PART(DIFF "\n") "--x--\n", "one", DIFF);
	check("s", MIXED PLAIN("one") FILE_PART(FORMATTED "\n") "--x--\n", "one\nmessage", DIFF);
	check("s", MIXED PLAIN("one\n" DIFF) FILE_PART(FORMATTED "\n") "--x--\n", "one", DIFF);
	check("Re: s", MIXED PLAIN("one") PATCH(DIFF) PLAIN("two") "--x--\n", "one\ntwo", NULL);
}

/* The message of an attached patch that stands in the mail already is not said twice. */
static void test_said_already(void **state)
{
	(void)state;
	check("s", MIXED PLAIN("message") FILE_PART(FORMATTED) "--x--\n", "message", DIFF);
	check("s", MIXED PLAIN("one\nmessage\ntwo") FILE_PART(FORMATTED) "--x--\n", "one\nmessage\ntwo", DIFF);
	check("s", MIXED PLAIN("another message") FILE_PART(FORMATTED) "--x--\n", "another message\nmessage", DIFF);
}

/* What was damaged on its way in the text stands whole in the attachment; of other files it is another diff. */
static void test_damaged(void **state)
{
	(void)state;
	check_problem("s", MIXED PLAIN("one\n" WRAPPED) PATCH(WHOLE "\n") "--x--\n", "one\nb b", WHOLE,
	              "diff: the attached one counts, not the damaged one in the text");
	check("s", MIXED PLAIN("one\n" DIFF) PATCH(DIFF2 "\n") "--x--\n", "one", DIFF DIFF2);
	check("s", MIXED PATCH(WHOLE "\n") PATCH(DIFF "\n") "--x--\n", "", WHOLE DIFF);
}

static void test_attached_footer(void **state)
{
	(void)state;
	check("s", MIXED PLAIN("one") PATCH(DIFF "-- \n2.39.2\n") "--x--\n", "one", DIFF);
	check("s", MIXED PLAIN("one") PATCH(DIFF "\nnot a footer\n") "--x--\n", "one", DIFF "\nnot a footer");
}

static void test_reply(void **state)
{
	(void)state;
	check("Re: s", "\nwords\n" DIFF, "words\n" DIFF_TEXT, NULL);
	check("Re: [PATCH 0/2] s", "\nwords\n" DIFF, "words\n" DIFF_TEXT, NULL);
	check("Re: s", MIXED PATCH(DIFF) "--x--\n", "", NULL);
}

/* The diff in a cover letter is part of its text, unless it is a pull request. */
static void test_cover(void **state)
{
	(void)state;
	check("[PATCH 0/2] s", "\nwords\n", "words", NULL);
	check("[PATCH 0/2] s", "\nwords\n" DIFF "-- \nJ\n", "words\n" DIFF_TEXT, NULL);
	check("[PATCH 0/2] s", MIXED PLAIN("words") PATCH(DIFF) PLAIN("more") "--x--\n", "words\n" DIFF_TEXT "\nmore",
	      NULL);
	check("[PATCH 0/2] s", "\nwords\n" PULL_TEXT "\n" DIFF, "words\n" PULL_TEXT, DIFF);
	check("[PATCH 1/2] s", "\nwords\n" DIFF, "words", DIFF);
}

#define DOS "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\r\n+b\r\n\r\n"

/* CR stays if only lines of hunks have it. */
static void test_carriage_returns(void **state)
{
	(void)state;
	check("s", "\nwords\n" DOS "-- \nJ\n", "words", DOS);
	check("s", "\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n+b\n", "", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n+b\n");
	check("s", "\n--- a/f\n+++ b/f\n@@ -1 +1 @@ f()\r\n-a\r\n+b\r\n", "",
	      "--- a/f\n+++ b/f\n@@ -1 +1 @@ f()\r\n-a\r\n+b\r\n");
	check("s", "Content-Transfer-Encoding: quoted-printable\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a=0D\n+b=0D\n", "",
	      "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n+b\r\n");
	/* the mail came with CR LF, and the file has CR besides */
	check("s", "\r\n--- a/f\r\n+++ b/f\r\n@@ -1 +1 @@\r\n-a\r\r\n+b\r\r\n", "",
	      "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n+b\r\n");
	check("s", "Content-Type: text/x-diff\n\n" DOS, "", DOS);
	/* lines outside of hunks have it too, so it came with the mail; the footer did not */
	check("s", "\n--- a/f\r\n+++ b/f\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n-- \nlist\n", "", DIFF);
	check("s", "\nwords\r\nmore\n", "words\nmore", NULL);
}

static void test_footer(void **state)
{
	(void)state;
	check_footer("s", "\nwords\n", "");
	check_footer("s", "\nwords\n-- \nJ\nbase: 1\n", "-- \nJ\nbase: 1");
	check_footer("s", "\nwords\n" DIFF "-- \n2.39\n\nbase: 1\n", "-- \n2.39\n\nbase: 1");
	check_footer("s",
	             MIXED "--x\n\nwords\n-- \nJ\n--x\nContent-Type: text/x-patch\n\n" DIFF
	                   "-- \n2.39\nbase: 1\n--x--\n",
	             "-- \nJ\n\n-- \n2.39\nbase: 1");
	check_footer("[PATCH 0/1] s", "\nwords\n-- \nJ\nbase: 1\n", "-- \nJ\nbase: 1");
	check_footer("[PATCH 0/1] s", "\nwords\n" DIFF "-- \nJ\nbase: 1\n", "-- \nJ\nbase: 1");
	check_footer("Re: s", "\nwords\n-- \nJ\nbase: 1\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_one_part),
		cmocka_unit_test(test_several_parts),
		cmocka_unit_test(test_said_already),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_attached_footer),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_cover),
		cmocka_unit_test(test_carriage_returns),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
