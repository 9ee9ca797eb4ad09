/* test_text.c - the text parts of a mail. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/text.h"

#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n"
#define DIFF "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"

/* What text_parts() is asked with. */
static text_keeps_cr *keeps_cr;

struct expected {
	enum text_kind kind;
	bool plain;
	const char *text;
};

/* Check all parts of a mail, and how many problems they gave. */
static void check(const char *mail, size_t length, const struct expected *expected, unsigned count, unsigned problems)
{
	struct message *message = NULL;
	char *reason = NULL;
	GPtrArray *parts;

	assert_int_equal(message_parse(mail, length, &message, &reason), 0);
	parts = text_parts(message, keeps_cr);
	assert_int_equal(parts->len, count);
	for (unsigned i = 0; i < count; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);

		assert_string_equal(part->text, expected[i].text);
		assert_int_equal(part->kind, expected[i].kind);
		assert_true(part->plain == expected[i].plain);
	}
	assert_int_equal(message->problems->len, problems);
	g_ptr_array_unref(parts);
	message_free(message);
}

static void check_one(const char *mail, enum text_kind kind, bool plain, const char *text)
{
	check(mail, strlen(mail), &(struct expected){kind, plain, text}, 1, 0);
}

static void test_one_text(void **state)
{
	(void)state;
	check_one("A: b\n\nhello\n", TEXT_PLAIN, true, "hello\n");
	check_one("A: b\r\n\r\nhello\r\nyou\r\n", TEXT_PLAIN, true, "hello\nyou\n");
	check_one("A: b\n\na\rb\n", TEXT_PLAIN, true, "a\rb\n");
	check_one("Content-Type: text\n\nhello\n", TEXT_PLAIN, true, "hello\n");
	check_one("Content-Type:\n\nhello\n", TEXT_PLAIN, true, "hello\n");
	check_one("Content-Type: a/b/c\n\nhello\n", TEXT_PLAIN, true, "hello\n");
	check_one("Content-Type: TEXT/X-Patch\n\nany\n", TEXT_DIFF, false, "any\n");
	check_one("Content-Type: text/x-diff\n\nany\n", TEXT_DIFF, false, "any\n");
	check_one("Content-Transfer-Encoding: base64\n\naGVsbG8NCg==\n", TEXT_PLAIN, true, "hello\n");
	check_one("Content-Transfer-Encoding: quoted-printable\n\na=3Db=\nc\n", TEXT_PLAIN, true, "a=bc\n");
	check("Content-Type: text/html\n\nx\n", 27, NULL, 0, 0);
	check("Content-Type: application/pdf\n\nx\n", 33, NULL, 0, 0);
}

static const struct {
	const char *charset, *body, *text;
	unsigned problems;
} charsets[] = {
	{"utf-8", "\xc3\xa9", "\xc3\xa9", 0},
	{"\"utf-8_\"", "\xc3\xa9", "\xc3\xa9", 0},
	{"UTF8", "\xc3\xa9", "\xc3\xa9", 0},
	{"iso-8859-2", "\xb3", "\xc5\x82", 0},
	{"ISO_8859-1", "\xe9", "\xc3\xa9", 0},
	{"latin_1", "\xe9", "\xc3\xa9", 0},
	{"cp1250", "\xb3", "\xc5\x82", 0},
	{"windows-874", "\xa1", "\xe0\xb8\x81", 0},
	{"koi8-r", "\xc1", "\xd0\xb0", 0},
	{"iso-2022-jp", "\x1b$B$\"\x1b(B", "\xe3\x81\x82", 0},
	{"ansi_x3.4-1968", "a", "a", 0},
	{"us-ascii", "a", "a", 0},
	{"us-ascii", "\xc3\xa9", "\xc3\xa9", 1},
	{"us-ascii", "\xe9", "\xc3\xa9", 1},
	{"utf-8", "\xe9", "\xc3\xa9", 1},
	{"utf-8", "\xed\xa0\x80", "\xc3\xad\xc2\xa0\xe2\x82\xac", 1},
	{"utf-8", "\x81", "\xc2\x81", 1},
	{"gb2312", "\xff", "\xc3\xbf", 1},
	{"iso-2022-jp", "a\x1b$B$", "a\x1b$B$", 1},
	{"unknown-8bit", "\xc3\xa9", "\xc3\xa9", 1},
	{"unknown-8bit", "\x93", "\xe2\x80\x9c", 1},
	{"y", "a", "a", 1},
	{"\"utf-8//IGNORE\"", "\xe9", "\xc3\xa9", 1},
	{"\"\"", "\xe9", "\xc3\xa9", 1},
	{"\"../../x\"", "a", "a", 1},
};

static void test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		g_autofree char *mail = g_strdup_printf("Content-Type: text/plain; charset=%s\n\n%s",
		                                        charsets[i].charset, charsets[i].body);

		check(mail, strlen(mail), &(struct expected){TEXT_PLAIN, true, charsets[i].text}, 1,
		      charsets[i].problems);
	}
	check_one("A: b\n\n\xe9", TEXT_PLAIN, true, "\xc3\xa9");
	check("A: b\n\na\0b", 9, &(struct expected){TEXT_PLAIN, true, "ab"}, 1, 0);
	check("Content-Transfer-Encoding: base64\n\nYQBi", 39, &(struct expected){TEXT_PLAIN, true, "ab"}, 1, 0);
}

#define FLOWED "Content-Type: text/plain; format=flowed\n\n"
#define DELSP "Content-Type: text/plain; Format=Flowed; DelSp=Yes\n\n"

static void test_flowed(void **state)
{
	(void)state;
	check_one(FLOWED "a \nb\nc\n", TEXT_PLAIN, true, "a b\nc\n");
	check_one(FLOWED "a \r\nb\r\n", TEXT_PLAIN, true, "a b\n");
	check_one(DELSP "a \nb\n", TEXT_PLAIN, true, "ab\n");
	check_one(FLOWED " stuffed\n  two\n >no quote\n From\n", TEXT_PLAIN, true, "stuffed\n two\n>no quote\nFrom\n");
	check_one(FLOWED "> a \n> b\nc\n", TEXT_PLAIN, true, "> a b\nc\n");
	check_one(FLOWED ">> a \n> b\n", TEXT_PLAIN, true, ">> a \n> b\n");
	check_one(FLOWED ">a\n", TEXT_PLAIN, true, ">a\n");
	check_one(FLOWED "a \n-- \nme \nyou\n", TEXT_PLAIN, true, "a \n-- \nme you\n");
	check_one(FLOWED "  \n  a\n>  \n> b\n", TEXT_PLAIN, true, " \n a\n>  \n> b\n");
	check_one(FLOWED "a ", TEXT_PLAIN, true, "a ");
	check_one(FLOWED "a\n\nb\n", TEXT_PLAIN, true, "a\n\nb\n");
	check_one("Content-Type: text/x-patch; format=flowed\n\na \nb\n", TEXT_DIFF, false, "a \nb\n");
	check_one("Content-Type: text/plain; format=fixed\n\na \nb\n", TEXT_PLAIN, true, "a \nb\n");
}

#define ATTACHED(type, name) "Content-Type: " type "\nContent-Disposition: attachment; filename=\"" name "\"\n\n"

static void test_attached(void **state)
{
	(void)state;
	check_one(ATTACHED("application/octet-stream", "a.patch") DIFF, TEXT_DIFF, false, DIFF);
	check_one(ATTACHED("application/octet-stream", "A.DIFF") DIFF, TEXT_DIFF, false, DIFF);
	check_one(ATTACHED("text/plain", "a.patch") DIFF, TEXT_DIFF, true, DIFF);
	check_one(ATTACHED("text/plain", "a.patch") "words\n" DIFF, TEXT_PLAIN, true, "words\n" DIFF);
	check_one(ATTACHED("text/plain", "a.txt") DIFF, TEXT_PLAIN, true, DIFF);
	check_one("Content-Type: application/x-any; name=a.patch\n\n" DIFF, TEXT_DIFF, false, DIFF);
	check_one(ATTACHED("text/x-patch", "a.patch") "From 0123 Mon Sep 17 00:00:00 2001\nFrom: J <j@example.org>\n"
	                                              "Subject: s\n\nwords\n" DIFF,
	          TEXT_MAIL, false, "words\n" DIFF);
	check_one(ATTACHED("text/plain", "a.patch") "From: J <j@example.org>\nDate: d\nSubject: s\n\nwords\n",
	          TEXT_MAIL, true, "words\n");
	check_one(ATTACHED("text/plain", "0001-a.patch.txt") "From: J <j@example.org>\nSubject: s\n\nwords\n" DIFF,
	          TEXT_MAIL, true, "words\n" DIFF);
	check_one(ATTACHED("application/octet-stream", "A.Diff.TXT") "\xef\xbb\xbf" DIFF, TEXT_DIFF, false, DIFF);
	check_one(ATTACHED("text/plain", "a.diff.txt.sig") DIFF, TEXT_PLAIN, true, DIFF);
	check(ATTACHED("application/octet-stream", "a.bin") DIFF,
	      strlen(ATTACHED("application/octet-stream", "a.bin") DIFF), NULL, 0, 0);
}

#define HASH_LINE "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n"

/* An attached file with git format-patch's own first line is one of its files, whatever it is called. */
static void test_format_patch(void **state)
{
	static const char fields[] = "From: J <j@example.org>\nSubject: s\n\n";
	g_autofree char *file = g_strconcat(HASH_LINE, fields, "words\n" DIFF, NULL);
	g_autofree char *named = g_strconcat(ATTACHED("text/plain", "0001-a.txt"), file, NULL);
	g_autofree char *unnamed = g_strconcat("Content-Disposition: attachment\n\n", file, NULL);
	g_autofree char *inlined = g_strconcat("Content-Disposition: inline\n\n", file, NULL);
	g_autofree char *other_date = g_strconcat(ATTACHED("text/plain", "a.txt"),
	                                          "From 0123 Tue Mar 10 09:00:00 2026\n", fields, "words\n", NULL);

	(void)state;
	check_one(named, TEXT_MAIL, true, "words\n" DIFF);
	check_one(unnamed, TEXT_MAIL, true, "words\n" DIFF);
	check_one(inlined, TEXT_PLAIN, true, file);
	check_one(other_date, TEXT_PLAIN, true, other_date + strlen(ATTACHED("text/plain", "a.txt")));
}

static bool always(const char *text)
{
	assert_non_null(strstr(text, "\r\n"));
	return true;
}

/* CR LF becomes LF unless the caller says that CR is part of the lines; it is asked only of texts that have one. */
static void test_carriage_returns(void **state)
{
	(void)state;
	keeps_cr = always;
	check_one("A: b\n\nwords\r\nmore\n", TEXT_PLAIN, true, "words\r\nmore\n");
	check_one("A: b\n\nwords\nmore\n", TEXT_PLAIN, true, "words\nmore\n");
	check_one("Content-Type: text/x-diff\n\n" DIFF, TEXT_DIFF, false, DIFF);
	check_one("Content-Transfer-Encoding: quoted-printable\n\na=0D\nb\n", TEXT_PLAIN, true, "a\r\nb\n");
	keeps_cr = NULL;
	/* the mail came with CR LF, and the text has CR besides */
	check_one("A: b\r\n\r\nwords\r\r\nmore\r\n", TEXT_PLAIN, true, "words\r\nmore\n");
	check_one("A: b\n\nwords\r\nmore\n", TEXT_PLAIN, true, "words\nmore\n");
}

static void test_signed_in_place(void **state)
{
	(void)state;
	check_one("A: b\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- --- a/f\n+++ b/f\n@@ -1 +1 @@\n- "
	          "-a\n+b\n"
	          "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n",
	          TEXT_PLAIN, true, DIFF);
}

static void test_tree(void **state)
{
	static const char mail[] =
		MIXED "--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\none\n--y\n"
		      "Content-Type: text/html\n\nhtml\n--y--\n--x\nContent-Type: text/x-diff\n\ntwo\n"
		      "--x\nContent-Type: message/rfc822\n\nFrom: j@example.org\n\ninner\n"
		      "--x\n\nthree\n--x--\nepilogue\n";
	static const struct expected parts[] = {
		{TEXT_PLAIN, true, "one"}, {TEXT_DIFF, false, "two"}, {TEXT_PLAIN, true, "three"}};
	static const char undelimited[] = MIXED "just text\n",
			  no_boundary[] = "Content-Type: multipart/mixed\n\ntext\n";

	(void)state;
	check(mail, strlen(mail), parts, 3, 0);
	check(undelimited, strlen(undelimited), &(struct expected){TEXT_PLAIN, true, "just text\n"}, 1, 1);
	check(no_boundary, strlen(no_boundary), &(struct expected){TEXT_PLAIN, true, "text\n"}, 1, 1);
	check_one(MIXED "--x\n\nnever closed\n", TEXT_PLAIN, true, "never closed\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_text),        cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_flowed),          cmocka_unit_test(test_attached),
		cmocka_unit_test(test_format_patch),    cmocka_unit_test(test_carriage_returns),
		cmocka_unit_test(test_signed_in_place), cmocka_unit_test(test_tree),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
