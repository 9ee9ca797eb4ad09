/* test_limits.c - what is refused unread. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "mail/limits.h"

static GString *repeat(GString *text, const char *piece, unsigned times)
{
	while (times-- > 0)
		g_string_append(text, piece);
	return text;
}

static void check(GString *mail, const char *expected)
{
	g_autofree char *reason = limits_check(mail->str, mail->len);

	if (!expected)
		assert_null(reason);
	else
		assert_non_null(strstr(reason, expected));
	g_string_free(mail, TRUE);
}

static void test_header(void **state)
{
	(void)state;
	check(g_string_new(""), NULL);
	check(g_string_append(repeat(g_string_new(NULL), "A: b\n", LIMITS_HEADER_FIELDS), "\nbody\n"), NULL);
	check(g_string_append(repeat(g_string_new(NULL), "A: b\n", LIMITS_HEADER_FIELDS + 1), "\n"),
	      "more than 10000 fields");
	check(repeat(g_string_new("A: b\r\n\r\n"), "A: b\r\n", LIMITS_HEADER_FIELDS + 1), NULL);
	check(repeat(g_string_new("A: b\n"), " c\n", 50000), NULL);
	check(repeat(g_string_new("A: b\n"), " 1234567\n", LIMITS_HEADER_SIZE / 9 + 1), "larger than");
	check(repeat(g_string_new("A: "), ":;", LIMITS_PARAMETERS + 1), NULL);
	check(repeat(g_string_new("Content-Type: a/b"), ";a=b", LIMITS_PARAMETERS + 1), "more than 100000 parameters");
}

static void test_parts(void **state)
{
	(void)state;
	check(repeat(g_string_new("A: b\n\n"), "--x\n\ny\n", LIMITS_MIME_PARTS), NULL);
	check(repeat(g_string_new("A: b\n\n"), "--x\n\ny\n", LIMITS_MIME_PARTS + 1), "more than 10000 parts");
	check(repeat(g_string_new("A: b\n\n"), "--x\r\nA: b\r\n\r\n", LIMITS_MIME_PARTS + 1), "more than 10000 parts");
	check(repeat(g_string_new("A: b\n\n"), "--- a\n+++ b\n-- \n--i;\n+x\n", LIMITS_MIME_PARTS), NULL);
}

static void test_headers_of_parts(void **state)
{
	(void)state;
	check(repeat(g_string_new("A: b\n\n--x\n"), "A: b\n", LIMITS_HEADER_FIELDS + 1), "more than 10000 fields");
	check(repeat(g_string_new("A: b\n\n--x\n\n"), "A: b\n", LIMITS_HEADER_FIELDS + 1), NULL);
	check(repeat(g_string_new("Content-Type:\n Message/rfc822\n\n"), "A: b\n", LIMITS_HEADER_FIELDS + 1),
	      "more than 10000 fields");
	check(repeat(g_string_new("A: b\n\n"), "--x\nContent-Type: a/b; c=d; e=f\nTo: a; b;\n\n", LIMITS_MIME_PARTS),
	      NULL);
	check(repeat(g_string_new("A: b\n\n"), "--x\nCONTENT-Foo: a\n ;;;\n\t;;;;;;;;\n\n", LIMITS_MIME_PARTS),
	      "more than 100000 parameters");
	check(repeat(g_string_new("Content-Type: message/rfc822\n\ncontent-disposition: a\n"), " a*1=b;\n",
	             LIMITS_PARAMETERS + 1),
	      "more than 100000 parameters");
	check(repeat(g_string_new("A: b\n\n"),
	             "--x\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\nA: b\n\n",
	             LIMITS_MIME_PARTS),
	      "more than 100000 header fields");
}

static void test_size(void **state)
{
	static const char mail[] = "A: b\n\n";
	g_autofree char *reason = limits_check(mail, (size_t)LIMITS_MESSAGE_SIZE_MAX + 1);

	(void)state;
	assert_non_null(strstr(reason, "larger than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_headers_of_parts),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
