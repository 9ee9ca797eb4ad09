/* test_log.c - what is escaped before people see it. */
#include <errno.h>
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

#include "base/log.h"

static void check(const char *text, size_t length, const char *expected)
{
	g_autofree char *line = log_escape(text, length);

	assert_string_equal(line, expected);
	assert_true(g_utf8_validate(line, -1, NULL));
}
#define CHECK(text, expected) check(text, sizeof(text) - 1, expected)

static void test_escape(void **state)
{
	(void)state;
	CHECK("", "");
	CHECK("plain text, <a@example.org> 100%", "plain text, <a@example.org> 100%");
	CHECK("Gr\xc3\xbc\xc3\x9f"
	      "e \xe2\x82\xac \xf0\x9f\x98\x80",
	      "Gr\xc3\xbc\xc3\x9f"
	      "e \xe2\x82\xac \xf0\x9f\x98\x80");
	CHECK("a\nb\rc\td", "a\\x0ab\\x0dc\\x09d");
	CHECK("\033[31mred\177", "\\x1b[31mred\\x7f");
	CHECK("a\0b", "a\\x00b");
	/* C1, which some terminals obey: CSI as U+009B, and as a bare byte. */
	CHECK("\xc2\x9b"
	      "2J",
	      "\\u009b2J");
	CHECK("\x9b"
	      "2J",
	      "\\x9b2J");
	/* No UTF-8: stray, cut short, overlong, a surrogate, beyond the last character. */
	CHECK("\xff\xc3", "\\xff\\xc3");
	CHECK("\xe2\x82", "\\xe2\\x82");
	CHECK("\xc0\xaf", "\\xc0\\xaf");
	CHECK("\xed\xa0\x80", "\\xed\\xa0\\x80");
	CHECK("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	/* Text that runs the other way, lines that only some see. */
	CHECK("a\xe2\x80\xae"
	      "b",
	      "a\\u202eb");
	CHECK("a\xe2\x80\xa8"
	      "b",
	      "a\\u2028b");
}

/* Every single byte and every pair: printable UTF-8 in one line. */
static void test_escape_all(void **state)
{
	(void)state;
	for (unsigned value = 0; value < 65536; value++) {
		const char pair[2] = {(char)(value >> 8), (char)value};
		g_autofree char *line = log_escape(pair, 2);

		assert_true(g_utf8_validate(line, -1, NULL));
		for (const char *next = line; *next != '\0'; next = g_utf8_next_char(next))
			assert_false(g_unichar_iscntrl(g_utf8_get_char(next)));
	}
}

static void test_first_line(void **state)
{
	g_autofree char *one = log_first_line("first\nsecond\n");
	g_autofree char *none = log_first_line("\nsecond");
	g_autofree char *only = log_first_line("only");
	g_autofree char *letters = g_strnfill(LOG_LINE_MAX + 1, 'x');
	g_autofree char *exact = g_strnfill(LOG_LINE_MAX, 'x');
	g_autofree char *cut = log_first_line(letters);
	g_autoptr(GString) euros = g_string_new("x");
	g_autofree char *whole = NULL;

	(void)state;
	assert_string_equal(one, "first");
	assert_string_equal(none, "");
	assert_string_equal(only, "only");
	assert_string_equal(cut, exact);
	while (euros->len <= LOG_LINE_MAX)
		g_string_append(euros, "\xe2\x82\xac");
	whole = log_first_line(euros->str);
	assert_true(g_utf8_validate(whole, -1, NULL));
	assert_in_range(strlen(whole), LOG_LINE_MAX - 2, LOG_LINE_MAX);
}

/* What a function prints to stderr, the caller frees it. */
static char *printed(void (*print)(void))
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	char text[4096];
	ssize_t length;

	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	print();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	length = pread(fileno(file), text, sizeof(text), 0);
	fclose(file);
	return g_strndup(text, (gsize)length);
}

static void print_all(void)
{
	log_error("%s", "an error\nof two lines");
	log_warning("a warning %d", 1);
}

static void test_levels(void **state)
{
	static const struct {
		enum log_level level;
		const char *expected;
	} cases[] = {
		{LOG_LEVEL_NONE, ""},
		{LOG_LEVEL_ERROR, "patchmaild: an error\\x0aof two lines\n"},
		{LOG_LEVEL_WARNING, "patchmaild: an error\\x0aof two lines\npatchmaild: a warning 1\n"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		log_set_level(cases[i].level);
		g_autofree char *text = printed(print_all);

		assert_string_equal(text, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_escape_all),
		cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
