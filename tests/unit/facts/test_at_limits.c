/* test_at_limits.c - mails that are at a limit of patchmaild-limits(5), and one over it: what the facts say of them.
 *
 * The limits of mbox files, LMTP, IMAP, hooks and of what is said about senders are tested beside what they limit.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>
#include <jansson.h>

#include "facts/document.h"
#include "mail/limits.h"
#include "mail/mailbox.h"
#include "patch/reply_mark.h"

#define FROM "From: Ada <ada@example.org>\n"
#define ID "Message-ID: <1@example.org>\n"
#define DIFF "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"

static GString *repeat(GString *text, const char *piece, size_t times)
{
	while (times-- > 0)
		g_string_append(text, piece);
	return text;
}

/* The facts of a mail, which is freed. */
static json_t *read_mail(GString *mail)
{
	g_autofree char *text = facts_of_mail(mail->str, mail->len, NULL, NULL);
	json_t *facts = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	g_string_free(mail, TRUE);
	assert_non_null(facts);
	return facts;
}

/* The value at a path of keys with blanks between them, as text; "null" without one.  The caller frees it. */
static char *value_at(json_t *facts, const char *path)
{
	g_auto(GStrv) keys = g_strsplit(path, " ", -1);
	const json_t *value = facts;
	char *text, *copy;

	for (char **key = keys; *key; key++)
		value = json_object_get(value, *key);
	if (json_is_array(value))
		return g_strdup_printf("%zu", json_array_size(value));
	text = json_dumps(value, JSON_ENCODE_ANY);
	copy = g_strdup(text ? text : "null");
	free(text);
	return copy;
}

/* What a path has is so long; a number of array elements, or a text. */
static void check(GString *mail, const char *path, const char *expected)
{
	json_t *facts = read_mail(mail);
	g_autofree char *value = value_at(facts, path);

	if (strcmp(value, expected) != 0)
		fail_msg("%s is %.200s, not %s", path, value, expected);
	json_decref(facts);
}

static void check_rejected(GString *mail, const char *expected)
{
	json_t *facts = read_mail(mail);
	const char *reason = json_string_value(json_object_get(facts, "rejected"));

	if (g_strcmp0(reason, expected) != 0)
		fail_msg("rejected: %s, not %s", reason ? reason : "not", expected ? expected : "not");
	json_decref(facts);
}

/* A mail is quarantined unread
 * -------------------------------------------------------------------------------------- */

static GString *mail_with_header(size_t size)
{
	GString *mail = g_string_new(FROM ID "X: ");

	/* Each line counts with its end. */
	while (size - mail->len > 102)
		g_string_append_printf(mail, "\n %098d", 0);
	while (mail->len + 1 < size)
		g_string_append_c(mail, 'x');
	return g_string_append(mail, "\n\ntext\n");
}

static void test_header_size(void **state)
{
	(void)state;
	check_rejected(mail_with_header(LIMITS_HEADER_SIZE), NULL);
	check_rejected(mail_with_header(LIMITS_HEADER_SIZE + 1), "a header is larger than 2097152 bytes");
}

static void test_header_fields(void **state)
{
	(void)state;
	check_rejected(g_string_append(repeat(g_string_new(FROM), "X: y\n", LIMITS_HEADER_FIELDS - 1), "\ntext\n"),
	               NULL);
	check_rejected(g_string_append(repeat(g_string_new(FROM), "X: y\n", LIMITS_HEADER_FIELDS), "\ntext\n"),
	               "a header has more than 10000 fields");
}

static GString *multipart(void)
{
	return g_string_new(FROM ID "Content-Type: multipart/mixed; boundary=x\n\n");
}

/* Ten fields a part, and some in the last one; those of the mail itself have room of their own. */
static GString *mail_with_part_fields(size_t count)
{
	GString *mail = multipart();
	size_t room = LIMITS_HEADER_FIELDS - 3;

	for (count += room; count > 0; count -= MIN(count, 20))
		repeat(g_string_append(mail, "--x\n"), "A: b\n", MIN(count, 20))->str[0] = 'F';
	return g_string_append(mail, "\ntext\n--x--\n");
}

static void test_part_fields(void **state)
{
	(void)state;
	check_rejected(mail_with_part_fields(LIMITS_PART_FIELDS), NULL);
	check_rejected(mail_with_part_fields(LIMITS_PART_FIELDS + 1), "the parts have more than 100000 header fields");
}

static GString *mail_with_parameters(size_t count)
{
	GString *mail = g_string_new(FROM "Content-Type: text/plain");

	return g_string_append(repeat(mail, ";\n a=b", count), "\n\ntext\n");
}

static void test_parameters(void **state)
{
	(void)state;
	check_rejected(mail_with_parameters(LIMITS_PARAMETERS), NULL);
	check_rejected(mail_with_parameters(LIMITS_PARAMETERS + 1), "the headers have more than 100000 parameters");
}

static void test_parts(void **state)
{
	(void)state;
	/* The one that holds them is one too. */
	check_rejected(repeat(multipart(), "--x\n\ntext\n", LIMITS_MIME_PARTS - 1), NULL);
	check_rejected(repeat(multipart(), "--x\n\ntext\n", LIMITS_MIME_PARTS), "the mail has more than 10000 parts");
}

/* So many levels: multiparts in each other, and a text in them. */
static GString *mail_with_levels(size_t count)
{
	GString *mail = g_string_new(FROM ID);

	for (size_t i = 1; i < count; i++)
		g_string_append_printf(mail, "Content-Type: multipart/mixed; boundary=b%zu\n\n--b%zu\n", i, i);
	return g_string_append(mail, "\ntext\n");
}

static void test_levels(void **state)
{
	(void)state;
	check_rejected(mail_with_levels(LIMITS_MIME_DEPTH), NULL);
	check_rejected(mail_with_levels(LIMITS_MIME_DEPTH + 1),
	               "the parts of the mail are nested deeper than 100 levels");
}

/* What is not read
 * -------------------------------------------------------------------------------------------------- */

static GString *mail_with(const char *field, const char *before, size_t count, char filling, const char *after)
{
	GString *mail = g_string_new(NULL);

	g_string_append_printf(mail, "%s: %s", field, before);
	while (count-- > 0)
		g_string_append_c(mail, filling);
	return g_string_append(g_string_append(mail, after), "\n\ntext\n");
}

static void test_references(void **state)
{
	GString *at = g_string_new(FROM "References:"), *over = g_string_new(FROM "References:");

	(void)state;
	for (unsigned i = 0; i <= LIMITS_REFERENCES; i++) {
		if (i < LIMITS_REFERENCES)
			g_string_append_printf(at, " <%u@example.org>", i);
		g_string_append_printf(over, " <%u@example.org>", i);
	}
	check(g_string_append(at, "\n\ntext\n"), "references", "1000");
	check(g_string_append(over, "\n\ntext\n"), "references", "1000");
}

static void test_address(void **state)
{
	g_autofree char *text = g_strnfill(308, 'a'), *address = g_strdup_printf("\"%s@example.org\"", text);

	(void)state;
	check(mail_with("From", "", 308, 'a', "@example.org"), "author email", address);
	check(mail_with("From", "", 309, 'a', "@example.org"), "author", "null");
}

static bool is_parsed(GString *field)
{
	InternetAddressList *list = mailbox_parse(field->str);
	bool parsed = list != NULL;

	g_clear_object(&list);
	g_string_free(field, TRUE);
	return parsed;
}

/* What GMime is given of a field of addresses: groups in groups, and one that is long. */
static void test_address_fields(void **state)
{
	(void)state;
	assert_true(is_parsed(g_string_append(repeat(g_string_new(NULL), "a:", 100), "ada@example.org;")));
	assert_false(is_parsed(g_string_append(repeat(g_string_new(NULL), "a:", 101), "ada@example.org;")));
	assert_true(is_parsed(g_string_append(repeat(g_string_new("\""), "a", 1982), "\" <ada@x.example>")));
	assert_false(is_parsed(g_string_append(repeat(g_string_new("\""), "a", 1983), "\" <ada@x.example>")));
}

static GString *mail_with_charset(size_t length)
{
	GString *mail = g_string_new(FROM "Content-Type: text/plain; charset=\"x");

	return g_string_append(repeat(mail, "y", length - 1), "\"\n\n\xe4\n");
}

/* Both are unknown; the name of one is looked up.  That costs the other nothing. */
static void test_charset(void **state)
{
	(void)state;
	check(mail_with_charset(64), "content", "\"\xc3\xa4\"");
	check(mail_with_charset(65), "content", "\"\xc3\xa4\"");
}

static GString *mail_with_date(size_t length)
{
	GString *mail = g_string_new("Date: Tue, 10 Feb 2026 06:59:47 +0000 (");
	size_t before = strlen("Tue, 10 Feb 2026 06:59:47 +0000 ()");

	return g_string_append(repeat(mail, "x", length - before), ")\n" FROM "\ntext\n");
}

static void test_date(void **state)
{
	(void)state;
	check(mail_with_date(1000), "date_source", "\"Date\"");
	check(mail_with_date(1001), "date_source", "null");
	check(g_string_new(FROM "Date: Tue, 10 Feb 2026 06:59:47 +0000\n\nx\n"), "date_source", "\"Date\"");
	check(g_string_new(FROM "Date: Tue, 10 Feb 02026 06:59:47 +0000\n\nx\n"), "date_source", "null");
}

/* Of a mail that is quarantined for another limit. */
static GString *rejected_with_subject(size_t length)
{
	GString *mail = g_string_append(repeat(g_string_new("Subject: "), "x", length), "\n");

	return repeat(mail, "X: y\n", LIMITS_HEADER_FIELDS);
}

static void test_rejected_field(void **state)
{
	g_autofree char *text = g_strnfill(1000, 'x'), *subject = g_strdup_printf("\"%s\"", text);

	(void)state;
	check(rejected_with_subject(1000), "subject", subject);
	check(rejected_with_subject(1001), "subject", "null");
}

/* Patches
 * ----------------------------------------------------------------------------------------------------------- */

static GString *patch(const char *subject, const char *trailers)
{
	GString *mail = g_string_new(FROM ID);

	g_string_append_printf(mail, "Subject: %s\n\ntext\n\n%s---\n" DIFF, subject, trailers);
	return mail;
}

static void test_numbers(void **state)
{
	(void)state;
	check(patch("[PATCH v32767] x", ""), "subject version", "32767");
	check(patch("[PATCH v32768] x", ""), "subject version", "1");
	check(patch("[PATCH 1/32767] x", ""), "subject total", "32767");
	check(patch("[PATCH 1/32768] x", ""), "subject total", "null");
}

static enum reply_mark mark_of(GString *subject)
{
	const char *rest;
	enum reply_mark mark = reply_mark_read(subject->str, false, &rest);

	g_string_free(subject, TRUE);
	return mark;
}

/* The mark is the 32nd thing before the subject, or one further; its colon is its 65th byte, or one further. */
static void test_marks(void **state)
{
	(void)state;
	assert_int_equal(mark_of(g_string_append(repeat(g_string_new(NULL), "[a] ", 31), "Re: x")), REPLY_MARK_REPLY);
	assert_int_equal(mark_of(g_string_append(repeat(g_string_new(NULL), "[a] ", 32), "Re: x")), REPLY_MARK_NONE);
	assert_int_equal(mark_of(g_string_append(repeat(g_string_new("Re"), " ", 62), ": x")), REPLY_MARK_REPLY);
	assert_int_equal(mark_of(g_string_append(repeat(g_string_new("Re"), " ", 63), ": x")), REPLY_MARK_NONE);
}

static char *lines(const char *format, unsigned count)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < count; i++)
		g_string_append_printf(text, "%s: <%u@example.org>\n", format, i);
	return g_string_free(text, FALSE);
}

static void check_lines(const char *name, unsigned most, const char *path)
{
	g_autofree char *at = lines(name, most), *over = lines(name, most + 1), *count = g_strdup_printf("%u", most);

	check(patch("[PATCH] x", at), path, count);
	check(patch("[PATCH] x", over), path, count);
}

static void test_dependencies(void **state)
{
	(void)state;
	check_lines("Depends-on", 100, "depends_on");
}

static void test_superseded(void **state)
{
	(void)state;
	check_lines("Supersedes", 20, "supersedes");
}

static int start(void **state)
{
	(void)state;
	g_mime_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_size),    cmocka_unit_test(test_header_fields),
		cmocka_unit_test(test_part_fields),    cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_parts),          cmocka_unit_test(test_levels),
		cmocka_unit_test(test_references),     cmocka_unit_test(test_address),
		cmocka_unit_test(test_address_fields), cmocka_unit_test(test_charset),
		cmocka_unit_test(test_date),           cmocka_unit_test(test_rejected_field),
		cmocka_unit_test(test_numbers),        cmocka_unit_test(test_marks),
		cmocka_unit_test(test_dependencies),   cmocka_unit_test(test_superseded),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
