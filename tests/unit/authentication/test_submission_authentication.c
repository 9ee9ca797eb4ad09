/* test_submission_authentication.c - submission.c: whose settings hold for a mail, what of a mail within a mail is
 * read, and which fields it may have once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>

#include "authentication/list_verdict.h"
#include "facts/submission.h"
#include "verdicts.h"

#define PASS OURS "dkim=pass header.d=example.org\n"
#define LIST(id) "List-Id: <" id ">\n"
#define END "Subject: s\n\nwords\n"

static void append_list_verdict(GString *text, const struct list_verdict *verdict)
{
	g_string_append(text, " / [");
	for (unsigned i = 0; i < verdict->list_ids->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
		                       (const char *)g_ptr_array_index(verdict->list_ids, i));
	g_string_append_printf(text, "] %s: %s", verdict_name(verdict->authentication.author.verdict),
	                       verdict->authentication.author.reason);
}

/* The verdict with its reason; after each ` / ` those of some lists, in brackets; after each ` | ` a problem.  The
 * settings are a whole key file. */
static char *read_mail(const char *settings_text, const char *mail, const char *list_id)
{
	struct trust_settings *settings = trust_settings_new();
	struct submission *submission = NULL;
	GString *text = g_string_new(NULL);
	char *reason = NULL;

	assert_true(trust_settings_take(settings, settings_text));
	assert_int_equal(submission_read(mail, strlen(mail), settings, list_id, &submission, &reason), 0);
	g_string_append_printf(text, "%s: %s", verdict_name(submission->authentication.author.verdict),
	                       submission->authentication.author.reason);
	for (unsigned i = 0; i < submission->list_verdicts->len; i++)
		append_list_verdict(text, g_ptr_array_index(submission->list_verdicts, i));
	for (unsigned i = 0; i < submission->problems->len; i++)
		g_string_append_printf(text, " | %s", (const char *)g_ptr_array_index(submission->problems, i));
	submission_free(submission);
	trust_settings_free(settings);
	return g_string_free(text, FALSE);
}

static void check_mails(const struct verdict_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *said = read_mail(rows[i].settings, rows[i].header, NULL);

		if (strcmp(said, rows[i].said) != 0)
			fail_msg("%s%sgives %s", rows[i].settings, rows[i].header, said);
	}
}

#define NOBODY "none: nobody who is trusted says anything of example.org"
#define SAYS "pass: mx.example.org says dkim=pass of example.org"

#define TWICE " | List-Id: it stands there more than once"

/* The settings of the lists that a mail names: of each for itself, since anybody may name one. */
static void test_lists(void **state)
{
	static const char of_list[] = "[list one]\n" BELIEVED "[list two]\nalignment=strict\n[list three]\n" BELIEVED;
	static const char but_list[] = "[authentication]\n" BELIEVED "[list one]\ntrusted_authserv=\n";
	static const struct verdict_row rows[] = {
		{of_list, PASS STRANGER ADA LIST("one") END, SAYS},
		{of_list, PASS STRANGER ADA LIST("ONE") END, SAYS},
		{of_list, PASS STRANGER ADA LIST("two") END, NOBODY},
		{of_list, PASS STRANGER ADA LIST("other") END, NOBODY},
		{of_list, PASS STRANGER ADA END, NOBODY},
		{of_list, PASS STRANGER ADA LIST("one") LIST("two") END,
	         NOBODY " / [one] " SAYS " / [two] " NOBODY TWICE},
		{of_list, PASS STRANGER ADA LIST("two") LIST("one") END,
	         NOBODY " / [two] " NOBODY " / [one] " SAYS TWICE},
		{of_list, PASS STRANGER ADA LIST("one") LIST("other") END,
	         NOBODY " / [one] " SAYS " / [other] " NOBODY TWICE},
		/* whatever field it is that names it */
		{of_list, PASS STRANGER ADA LIST("one") "X-Mailing-List: two\n" END,
	         NOBODY " / [one] " SAYS " / [two] " NOBODY},
		{of_list, PASS STRANGER ADA "X-List: one\nX-Mailing-List: other\n" END,
	         NOBODY " / [other] " NOBODY " / [one] " SAYS},
		/* each once, and those with the same settings together */
		{of_list, PASS STRANGER ADA LIST("one") LIST("a") LIST("one") "X-Mailing-List: one\nX-List: b\n" END,
	         NOBODY " / [one] " SAYS " / [a b] " NOBODY TWICE},
		{of_list, PASS STRANGER ADA LIST("one") "X-Mailing-List: one\nX-List: ONE\n" END, SAYS},
		{but_list, PASS STRANGER ADA LIST("one") END, NOBODY},
		{but_list, PASS STRANGER ADA LIST("other") END, SAYS},
		{but_list, PASS STRANGER ADA LIST("other") LIST("more") END, SAYS TWICE},
		{but_list, PASS STRANGER ADA LIST("other") LIST("one") END,
	         NOBODY " / [other] " SAYS " / [one] " NOBODY TWICE},
		{but_list, PASS STRANGER ADA END, SAYS},
		{"", PASS STRANGER ADA LIST("one") END, NOBODY},
	};

	(void)state;
	check_mails(rows, G_N_ELEMENTS(rows));
}

/* The list that the deliverer names is the only one. */
static void test_named_list(void **state)
{
	static const char settings[] = "[list one]\n" BELIEVED "[list two]\nalignment=strict\n";
	g_autofree char *one = read_mail(settings, PASS STRANGER ADA LIST("two") END, "one");
	g_autofree char *two = read_mail(settings, PASS STRANGER ADA LIST("one") LIST("x") END, "two");
	g_autofree char *other = read_mail(settings, PASS STRANGER ADA LIST("one") END, "other");

	(void)state;
	assert_string_equal(one, SAYS);
	assert_string_equal(two, NOBODY TWICE);
	assert_string_equal(other, NOBODY);
}

/* Of lists with too many different settings nobody is believed. */
static void test_many_lists(void **state)
{
	g_autoptr(GString) settings = g_string_new(NULL), mail = g_string_new(PASS STRANGER ADA);
	g_autoptr(GString) expected = g_string_new(NOBODY);
	g_autofree char *said = NULL;

	(void)state;
	for (int i = 0; i < LIST_VERDICTS_MOST + 2; i++) {
		g_string_append_printf(settings, "[list l%d]\n" BELIEVED, i);
		g_string_append_printf(mail, LIST("l%d"), i);
		if (i < LIST_VERDICTS_MOST)
			g_string_append_printf(expected, " / [l%d] " SAYS, i);
	}
	g_string_append(mail, END);
	g_string_append(expected, TWICE " | authentication: the mail names lists of more than 8 settings");
	said = read_mail(settings->str, mail->str, NULL);
	assert_string_equal(said, expected->str);
}

/* Fields that may be there only once are noted if they are there twice; From is the author's. */
static void test_repeats(void **state)
{
	static const char settings[] = "[authentication]\n" BELIEVED;
	static const struct verdict_row rows[] = {
		{settings, PASS STRANGER ADA "Subject: a\nsubject: b\n\nwords\n",
	         SAYS " | Subject: it stands there more than once"},
		{settings, PASS STRANGER ADA "Message-ID: <a@example.org>\nMessage-ID: <a@example.org>\n" END,
	         SAYS " | Message-ID: it stands there more than once"},
		{settings, PASS STRANGER ADA "Reply-To: a@example.org\nReply-To: b@example.org\n" END,
	         SAYS " | Reply-To: it stands there more than once"},
		{settings, PASS STRANGER ADA "Cc: a@example.org\nCc: b@example.org\n" END, SAYS},
		{settings, PASS STRANGER ADA ADA END, "ambiguous: From does not name exactly one mailbox"},
	};

	(void)state;
	check_mails(rows, G_N_ELEMENTS(rows));
}

/* What stands in a mail within the mail is never read, and its author is claimed. */
static void test_within(void **state)
{
	static const char settings[] = "[authentication]\n" BELIEVED;
#define WRAPPED(inner)                                                                                               \
	"From: Ada via demo <demo@lists.example.net>\nMessage-ID: <1@example.org>\n" LIST(                           \
		"demo") "Subject: s\n"                                                                               \
			"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nwords\n--x\n" \
			"Content-Type: message/rfc822\n\nMessage-ID: <1@example.org>\n" inner END "\n--x--\n"
	static const struct verdict_row rows[] = {
		{settings, STRANGER ADA "Content-Type: message/rfc822\n\n" PASS STRANGER ADA END, NOBODY},
		{settings,
	         STRANGER ADA
	         "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nwords\n--x\nContent-Type: message/rfc822\n\n" PASS
	                 STRANGER ADA END "\n--x--\n",
	         NOBODY},
		{settings, STRANGER WRAPPED(PASS STRANGER ADA),
	         "claimed: the address stands in a mail within the mail, and nothing that is sealed vouches for it"},
		{settings, PASS STRANGER WRAPPED(ADA),
	         "claimed: the address stands in a mail within the mail, and nothing that is sealed vouches for it"},
		{settings, PASS STRANGER WRAPPED(ADA ADA), "ambiguous: From does not name exactly one mailbox"},
		{settings, PASS STRANGER ADA WRAPPED(ADA), "ambiguous: From does not name exactly one mailbox"},
	};

	(void)state;
	check_mails(rows, G_N_ELEMENTS(rows));
}

/* What is left unread is a problem. */
static void test_unread(void **state)
{
	g_autoptr(GString) mail = g_string_new(PASS STRANGER);
	g_autofree char *said = NULL;

	(void)state;
	for (int i = 0; i < AUTHENTICATION_FIELDS + 4; i++)
		g_string_append(mail, PASS);
	g_string_append(mail, ADA END);
	said = read_mail("[authentication]\n" BELIEVED, mail->str, NULL);
	assert_string_equal(said, SAYS " | authentication: 5 fields or results more than are read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),   cmocka_unit_test(test_named_list), cmocka_unit_test(test_many_lists),
		cmocka_unit_test(test_repeats), cmocka_unit_test(test_within),     cmocka_unit_test(test_unread),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("submission_authentication", tests, NULL, NULL);
}
