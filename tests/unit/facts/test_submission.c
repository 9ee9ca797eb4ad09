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
#include "mail/limits.h"

#define FROM "From: J <j@example.org>\n"
#define DIFF "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
#define DIFF2 "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d\n"
#define PULL_TEXT                                                      \
	"The following changes since commit 0123456789:\n\n  Lamp\n\n" \
	"are available in the git repository at:\n\n  git://git.example.org/lamp.git for-1.1"
#define PULL PULL_TEXT "\n"
#define PLAIN(text) "--x\n\n" text "\n"
#define PATCH(text) "--x\nContent-Type: text/x-patch\n\n" text
#define FILE_PART(text) "--x\nContent-Type: application/octet-stream; name=a.patch\n\n" text
#define FORMATTED "From: J <j@example.org>\nSubject: s\n\nmessage\n" DIFF
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

static void test_several_parts(void **state)
{
	(void)state;
	check_content(FROM MIXED PLAIN("one") PLAIN("two") "--x--\n", SUBMISSION_COMMENT, "one\ntwo", NULL);
	check_content(FROM MIXED PLAIN("one\n" DIFF) PLAIN("two\n" DIFF2) "--x--\n", SUBMISSION_PATCH,
	              "one\ntwo\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d", DIFF);
	check_content(FROM MIXED PLAIN("one") PATCH(DIFF "\n") "--x--\n", SUBMISSION_PATCH, "one", DIFF);
	check_content(FROM MIXED PATCH(DIFF "\n") PATCH(DIFF2 "\n") "--x--\n", SUBMISSION_PATCH, "", DIFF DIFF2);
	check_content(FROM MIXED PATCH("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n") PATCH(DIFF2) "--x--\n",
	              SUBMISSION_PATCH, "", DIFF "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d");
	check_content(FROM MIXED PLAIN("one\n" DIFF) FILE_PART(DIFF "\n") "--x--\n", SUBMISSION_PATCH, "one", DIFF);
	check_content(FROM MIXED PLAIN("one") FILE_PART(FORMATTED "\n") "--x--\n", SUBMISSION_PATCH, "one\nmessage",
	              DIFF);
	check_content(FROM MIXED PLAIN("one\n" DIFF) FILE_PART(FORMATTED "\n") "--x--\n", SUBMISSION_PATCH, "one",
	              DIFF);
	check_content(FROM "Subject: Re: s\n" MIXED PLAIN("one") PATCH(DIFF) PLAIN("two") "--x--\n", SUBMISSION_COMMENT,
	              "one\ntwo", NULL);
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

static void check_references(const char *fields, const char *expected)
{
	g_autofree char *mail = g_strconcat(FROM, fields, "\nx\n", NULL), *got = NULL;
	struct submission *submission = read_mail(mail);

	g_ptr_array_add(submission->references, NULL);
	got = g_strjoinv(" ", (char **)submission->references->pdata);
	assert_string_equal(got, expected);
	submission_free(submission);
}

static void test_references(void **state)
{
	(void)state;
	check_references("A: b\n", "");
	check_references("In-Reply-To: <a@x> <b@x>\nReferences: <c@x>\n <d@x>\n", "<a@x> <b@x> <d@x> <c@x>");
	check_references("References: <a@x> <b@x> <a@x>\nIn-Reply-To: <b@x>\n", "<b@x> <a@x>");
	check_references("In-Reply-To: J's mail of <a@x>\nIn-Reply-To: <b@x>\nReferences: <c@x>\nReferences: <d@x>\n",
	                 "<a@x> <b@x> <c@x> <d@x>");
	check_references("In-Reply-To: nothing\nReferences: <a@x\n", "a@x <a@x>");
}

static void test_many_references(void **state)
{
	g_autoptr(GString) mail = g_string_new(FROM "References:");
	struct submission *submission;

	(void)state;
	for (int i = 0; i < LIMITS_REFERENCES * 3; i++)
		g_string_append_printf(mail, "\n <%d@x>", i);
	g_string_append(mail, "\n\nx\n");
	submission = read_mail(mail->str);
	assert_int_equal(submission->references->len, LIMITS_REFERENCES);
	assert_string_equal(g_ptr_array_index(submission->references, 0), "<2999@x>");
	submission_free(submission);
}

static void check_lists(const char *fields, const char *expected)
{
	g_autofree char *mail = g_strconcat(FROM, fields, "\nx\n", NULL);
	struct submission *submission = read_mail(mail);
	g_autoptr(GString) got = g_string_new(NULL);

	for (unsigned i = 0; i < submission->list_ids->len; i++) {
		const struct list_id *list_id = g_ptr_array_index(submission->list_ids, i);

		g_string_append_printf(got, "%s=%s;", list_id->field, list_id->id);
	}
	assert_string_equal(got->str, expected);
	submission_free(submission);
}

static void test_list_ids(void **state)
{
	(void)state;
	check_lists("List-Id: A list <a.example.org>\n", "List-Id=a.example.org;");
	check_lists("X-list: c\nX-Mailing-List: b.example.org\nLIST-ID: <a>\nList-Id: <d>\n",
	            "List-Id=a;List-Id=d;X-Mailing-List=b.example.org;X-List=c;");
	check_lists("List-Id: two words\nX-Mailing-List:\nX-List: <>\n", "");
}

static void check_date(const char *fields, const char *source, int64_t date)
{
	g_autofree char *mail = g_strconcat(FROM, fields, "\nx\n", NULL);
	struct submission *submission = read_mail(mail);

	assert_true(submission->dated == (source != NULL));
	if (source) {
		assert_string_equal(submission->date_source, source);
		assert_int_equal(submission->date, date);
	}
	submission_free(submission);
}

#define RECEIVED "Received: from a; b\n by c; Tue, 10 Feb 2026 06:59:47 +0000\n"

static void test_dates(void **state)
{
	(void)state;
	check_date("Date: Tue, 10 Feb 2026 06:59:47 +0000\n", "Date", 1770706787);
	check_date("Date: Tue, 10 Feb 2026 07:59:47 +0100 (CET)\n", "Date", 1770706787);
	check_date("Date: Tue, 10 Feb 2026\n 06:59:47 -0000\n", "Date", 1770706787);
	check_date(RECEIVED "Date: 1 Jan 2000 00:00:00 GMT\n", "Date", 946684800);
	check_date(RECEIVED "Received: x; 1 Jan 2000 00:00:00 GMT\n", "Received", 1770706787);
	check_date(RECEIVED "Date: nonsense\n", "Received", 1770706787);
	check_date(RECEIVED "Date: Wed, 4 Jun 207777777777714 17:50:46 +0000\n", "Received", 1770706787);
	check_date(RECEIVED "Date: 1 Jan 1960 00:00:00 +0000\n", "Received", 1770706787);
	check_date(RECEIVED "Date: 31 Feb 2005 00:00:00 +0000\n", "Received", 1770706787);
	check_date("Date: nonsense\nReceived: no date\n", NULL, 0);
	check_date("A: b\n", NULL, 0);
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
		cmocka_unit_test(test_kinds),           cmocka_unit_test(test_several_parts),
		cmocka_unit_test(test_patch_like),      cmocka_unit_test(test_message_id),
		cmocka_unit_test(test_references),      cmocka_unit_test(test_list_ids),
		cmocka_unit_test(test_many_references), cmocka_unit_test(test_dates),
		cmocka_unit_test(test_hints),           cmocka_unit_test(test_wrapper),
		cmocka_unit_test(test_meaning),         cmocka_unit_test(test_rejected),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
