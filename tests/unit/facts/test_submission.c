/* test_submission.c - what a mail says about itself. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "facts/submission.h"
#include "mail/list_id.h"

#define FROM "From: J <j@example.org>\n"
#define DIFF "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
#define PULL_TEXT                                                      \
	"The following changes since commit 0123456789:\n\n  Lamp\n\n" \
	"are available in the git repository at:\n\n  git://git.example.org/lamp.git for-1.1"
#define PULL PULL_TEXT "\n"
#define PLAIN(text) "--x\n\n" text "\n"
#define PATCH(text) "--x\nContent-Type: text/x-patch\n\n" text
#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n"

static struct submission *read_mail(const char *mail)
{
	struct submission *submission = NULL;
	char *reason = NULL;

	assert_int_equal(submission_read(mail, strlen(mail), NULL, NULL, &submission, &reason), 0);
	return submission;
}

static void check_content(const char *mail, enum submission_kind kind, const char *content, const char *diff)
{
	struct submission *submission = read_mail(mail);

	assert_string_equal(submission->content, content);
	if (diff)
		assert_string_equal(submission->diff, diff);
	else
		assert_null(submission->diff);
	assert_true((submission->hash != NULL) == (diff != NULL));
	assert_int_equal(submission->kind, kind);
	submission_free(submission);
}

static void test_kinds(void **state)
{
	(void)state;
	check_content(FROM "Subject: [PATCH] s\n\n words\n\n" DIFF, SUBMISSION_PATCH, "words", DIFF);
	check_content(FROM "Subject: [PATCH 0/2] s\n\nwords\n", SUBMISSION_COVER, "words", NULL);
	check_content(FROM "Subject: [PATCH 0/2] s\n\nwords\n" DIFF, SUBMISSION_COVER,
	              "words\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL);
	check_content(FROM "Subject: [PATCH 0/2] s\n" MIXED PLAIN("words") PATCH(DIFF) "--x--\n", SUBMISSION_COVER,
	              "words\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL);
	check_content(FROM "Subject: [PATCH 0/2] s\n\nwords\n" PULL DIFF, SUBMISSION_PATCH, "words\n" PULL_TEXT, DIFF);
	check_content(FROM "Subject: s\n\nwords\n", SUBMISSION_COMMENT, "words", NULL);
	check_content(FROM "Subject: Re: [PATCH 0/2] s\n\nwords\n", SUBMISSION_COMMENT, "words", NULL);
	check_content(FROM "Subject: Re: [PATCH] s\n\nwords\n" DIFF, SUBMISSION_COMMENT,
	              "words\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL);
	check_content(FROM "Subject: s\n\n \n", SUBMISSION_EMPTY, "", NULL);
	check_content(FROM "\nwords\n", SUBMISSION_COMMENT, "words", NULL);
	check_content(FROM "\nwords\n-- \nJ\n", SUBMISSION_COMMENT, "words", NULL);
}

static void check_patch_like(const char *mail, const char *expected)
{
	struct submission *submission = read_mail(mail);

	if (g_strcmp0(submission->patch_like, expected) != 0)
		fail_msg("%s%s", mail, submission->patch_like ? submission->patch_like : "does not look like a patch");
	submission_free(submission);
}

#define NAMED(type, name, text) "--x\nContent-Type: " type "; name=" name "\n\n" text "\n"

/* Patches are not the only mail that must not go without a trace. */
static void test_patch_like(void **state)
{
	static const char *const subjects[] = {
		"[PATCH] s",    "[patch v2] s", "[demo] [PATCH] s", "[demo][RFC PATCH v2 1/2] s",
		"[PATCHv3] s",  "[GIT PULL] s", "[PULL] s",         "[PULL 0/2",
		"[git pull] s", "[PATCH s",     "Fwd: [PATCH] s",   "[PATCH 1/2] s",
		"s [PATCH]"};
	static const char *const others[] = {"s",
	                                     "[demo] s",
	                                     "Re: [PATCH] s",
	                                     "AW: [PATCH] s",
	                                     "[dispatching] PATCH s",
	                                     "[patchwork] s",
	                                     "[demo-patches] s",
	                                     "[demo:next 1/2] s",
	                                     "s (was: [PATCH] s)",
	                                     "s [was: Re: [PATCH] s]"};
	static const char *const names[] = {"a.patch.gz", "a.diff.xz", "A.PATCH.BZ2", "a.patch.zip",
	                                    "0001-a.patch.asc"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autofree char *text = g_strdup_printf(FROM "Subject: %s\n\nwords\n", subjects[i]);
		g_autofree char *empty = g_strdup_printf(FROM "Subject: %s\n\n\n", subjects[i]);
		g_autofree char *patch = g_strdup_printf(FROM "Subject: %s\n\n" DIFF, subjects[i]);

		check_patch_like(text, "subject");
		check_patch_like(empty, "subject");
		check_patch_like(patch, NULL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *text = g_strdup_printf(FROM "Subject: %s\n\nwords\n", others[i]);

		check_patch_like(text, NULL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *rest =
			g_strdup_printf(MIXED PLAIN("words") NAMED("application/gzip", "%s", "H4") "--x--\n", names[i]);
		g_autofree char *plain = g_strconcat(FROM "Subject: s\n", rest, NULL);
		g_autofree char *cover = g_strconcat(FROM "Subject: [PATCH 0/2] s\n", rest, NULL);
		g_autofree char *reply = g_strconcat(FROM "Subject: Re: s\n", rest, NULL);

		check_patch_like(plain, "unread attachment");
		check_patch_like(cover, "unread attachment");
		check_patch_like(reply, NULL);
	}
	check_patch_like(FROM MIXED PLAIN("words") NAMED("application/octet-stream", "a.patch", "none") "--x--\n",
	                 "attachment");
	check_patch_like(FROM MIXED PLAIN("words") NAMED("application/x-patch", "a", "none") "--x--\n",
	                 "unread attachment");
	check_patch_like(FROM MIXED PLAIN("words") NAMED("text/x-patch", "a", DIFF) "--x--\n", NULL);
	check_patch_like(FROM MIXED PLAIN("words") NAMED("message/rfc822", "a.patch", FROM "\n" DIFF) "--x--\n",
	                 "unread attachment");
	check_patch_like(FROM MIXED PLAIN("words") NAMED("image/png", "a.png", "x") "--x--\n", NULL);
}

static void check_message_id(const char *mail, const char *expected)
{
	struct submission *submission = read_mail(mail), *again = read_mail(mail);

	if (expected)
		assert_string_equal(submission->message_id, expected);
	else
		assert_true(g_str_has_suffix(submission->message_id, "@patchmaild.invalid>"));
	assert_true(submission->message_id_made == (expected == NULL));
	assert_string_equal(submission->message_id, again->message_id);
	submission_free(submission);
	submission_free(again);
}

static void test_message_id(void **state)
{
	(void)state;
	check_message_id(FROM "Message-ID: <a@example.org>\n\nx\n", "<a@example.org>");
	check_message_id(FROM "message-id:\n <a@example.org>\n\nx\n", "<a@example.org>");
	check_message_id(FROM "Message-ID: x <a@example.org> <b@example.org>\n\nx\n", "<a@example.org>");
	check_message_id(FROM "Message-ID:  a@example.org \n\nx\n", "a@example.org");
	check_message_id(FROM "Message-ID: \n\nx\n", NULL);
	check_message_id(FROM "Message-ID: <>\n\nx\n", NULL);
	check_message_id(FROM "\nx\n", NULL);
}

/* What the header says is where it belongs. */
static void test_header(void **state)
{
	struct submission *submission =
		read_mail(FROM "References: <b@x> <a@x>\nList-Id: <l>\nDate: Tue, 10 Feb 2026 06:59:47 +0000\n\nx\n");
	const struct list_id *list_id;

	(void)state;
	assert_int_equal(submission->references->len, 2);
	assert_string_equal(g_ptr_array_index(submission->references, 0), "<a@x>");
	assert_int_equal(submission->list_ids->len, 1);
	list_id = g_ptr_array_index(submission->list_ids, 0);
	assert_string_equal(list_id->id, "l");
	assert_true(submission->dated);
	assert_int_equal(submission->date, 1770706787);
	assert_string_equal(submission->date_source, "Date");
	submission_free(submission);
	submission = read_mail(FROM "\nx\n");
	assert_int_equal(submission->references->len + submission->list_ids->len, 0);
	assert_false(submission->dated);
	submission_free(submission);
}

static void test_hints(void **state)
{
	struct submission *submission =
		read_mail(FROM "X-Patchwork-State: Under\n Review\nX-Patchwork-Delegate: k@example.org\n"
	                       "X-Patchwork-Hint: Ignore\nX-Patchwork-Action-Required:\n\nx\n");

	(void)state;
	assert_string_equal(submission->hint_state, "Under Review");
	assert_string_equal(submission->hint_delegate, "k@example.org");
	assert_true(submission->hint_ignore && submission->action_required);
	submission_free(submission);
	submission = read_mail(FROM "X-Patchwork-Hint: other\n\nx\n");
	assert_null(submission->hint_state);
	assert_false(submission->hint_ignore || submission->action_required);
	submission_free(submission);
}

static void check_wrapper(const char *outer, const char *inner, const char *email, const char *subject,
                          const char *content)
{
	g_autofree char *mail = g_strconcat(outer, MIXED "--x\n\npreface\n--x\nContent-Type: message/rfc822\n\n", inner,
	                                    "\ninner text\n--x\n\nfooter\n--x--\n", NULL);
	struct submission *submission = read_mail(mail);

	assert_string_equal(submission->author.from.email, email);
	assert_string_equal(submission->subject.text, subject);
	assert_string_equal(submission->content, content);
	assert_string_equal(submission->message_id, "<o@x>");
	assert_true(submission->wrapped == (strcmp(content, "inner text") == 0));
	if (submission->wrapped && strstr(inner, "<i@x>"))
		assert_string_equal(submission->wrapped_message_id, "<i@x>");
	else
		assert_null(submission->wrapped_message_id);
	submission_free(submission);
}

#define OUTER(name) "From: " name " <l@example.org>\nSubject: [list] s\nMessage-ID: <o@x>\n"

static void test_wrapper(void **state)
{
	static const char inner[] = FROM "Subject: s\nMessage-ID: <i@x>\n";

	(void)state;
	check_wrapper(OUTER("J via list") "List-Id: <l>\n", inner, "j@example.org", "s", "inner text");
	check_wrapper(OUTER("\"'J' via list\"") "List-Id: <l>\n", inner, "j@example.org", "s", "inner text");
	check_wrapper(OUTER("J. via list") "List-Id: <l>\nReply-To: j@example.org\n", inner, "j@example.org", "s",
	              "inner text");
	check_wrapper(OUTER("list") "List-Id: <l>\n", FROM "Message-ID: <o@x>\n", "j@example.org", "[list] s",
	              "inner text");
	check_wrapper(OUTER("K via list") "List-Id: <l>\n", inner, "l@example.org", "[list] s", "preface\nfooter");
	check_wrapper(OUTER("J via list"), inner, "l@example.org", "[list] s", "preface\nfooter");
	check_wrapper(OUTER("J") "List-Id: <l>\n", inner, "l@example.org", "[list] s", "preface\nfooter");
	check_wrapper(OUTER("J via list") "List-Id: <l>\n", "Subject: s\n", "l@example.org", "[list] s",
	              "preface\nfooter");
}

static void test_meaning(void **state)
{
	struct submission *submission = read_mail(FROM "Subject: [PATCH] s\n\nwords\nDepends-on: <a@x>\n" DIFF);

	(void)state;
	assert_int_equal(submission->depends_on->len, 1);
	assert_int_equal(submission->files->len, 1);
	assert_string_equal(g_ptr_array_index(submission->files, 0), "f");
	assert_null(submission->pull_url);
	assert_string_equal(submission->headers, "From: J <j@example.org>\nSubject: [PATCH] s");
	submission_free(submission);
}

static void test_rejected(void **state)
{
	static const char *const mails[] = {"", "no mail", "Subject: no author\n\nx\n", "From: nobody\n\nx\n"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		struct submission *submission = NULL;
		char *reason = NULL;

		assert_int_equal(submission_read(mails[i], strlen(mails[i]), NULL, NULL, &submission, &reason),
		                 -EBADMSG);
		assert_null(submission);
		assert_non_null(reason);
		g_free(reason);
	}
	submission_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),   cmocka_unit_test(test_patch_like), cmocka_unit_test(test_message_id),
		cmocka_unit_test(test_header),  cmocka_unit_test(test_hints),      cmocka_unit_test(test_wrapper),
		cmocka_unit_test(test_meaning), cmocka_unit_test(test_rejected),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
