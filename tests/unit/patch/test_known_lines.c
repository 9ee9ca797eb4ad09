/* test_known_lines.c - known_lines.c: a message that stands in a text already. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/known_lines.h"

static void check(const char *text, const char *message, bool held)
{
	struct known_lines known = {0};

	known_lines_read(&known, text);
	assert_int_equal(known_lines_hold(&known, message), held);
	known_lines_release(&known);
}

static void test_lines(void **state)
{
	(void)state;
	check("", "", true);
	check("a\nb\n", "", true);
	check("Hello\n\n  It was off.\nIt is on.\n\nAda", "It was off.\n\nIt is on.\n", true);
	check("It was off.\n", "It was off.\n\nSigned-off-by: Ada\n", false);
	check("It was off.\nIt is on.\n", "It was off. It is on.\n", false);
	check("It was off.\n", "It was off.\n---\n x | 2 +-\n 1 file changed\n\n", true);
	check("It was off.\n", "It was off.\n x | 2 +-\n", false);
	check("It was off.\n", "It was off.\n---\nv2: on\n\n x | 2 +-\n", false);
}

/* What has come since is read, and what was read stays. */
static void test_growing(void **state)
{
	g_autoptr(GString) text = g_string_new("a\n");
	struct known_lines known = {0};

	(void)state;
	known_lines_read(&known, text->str);
	assert_false(known_lines_hold(&known, "b\na\n"));
	g_string_append(text, "b\n");
	known_lines_read(&known, text->str);
	assert_true(known_lines_hold(&known, "b\na\n"));
	known_lines_release(&known);
	known_lines_release(&(struct known_lines){0});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_growing),
	};

	return cmocka_run_group_tests_name("known lines", tests, NULL, NULL);
}
