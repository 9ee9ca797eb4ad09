/* test_hunk.c - hunk.c: headers of hunks, and their lines counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/hunk.h"

static void test_headers(void **state)
{
	static const struct {
		const char *line;
		unsigned parents; /* 0: it is no header */
		gint64 left[3];
	} table[] = {
		{"@@ -1,2 +3,4 @@\n", 1, {2, 4}},
		{"@@ -1 +1 @@", 1, {1, 1}},
		{"@@ -0,0 +1,5 @@ int lamp;\n", 1, {0, 5}},
		{"@@@ -1,2 -3,4 +5,6 @@@ int lamp;\n", 2, {2, 4, 6}},
		{"@@ -1,99999999999999999999 +1 @@\n", 1, {G_MAXINT64, 1}},
		{"@@ -1 +1\n", 0, {0}},
		{"@@ -1 +1 @\n", 0, {0}},
		{"@@ -1 -1 +1 @@\n", 0, {0}},
		{"@@@ -1 +1 @@@\n", 0, {0}},
		{"@@@ -1 -1 +1 @@\n", 0, {0}},
		{"@ -1 @\n", 0, {0}},
		{"@@\n", 0, {0}},
		{"@@ -,1 +1 @@\n", 0, {0}},
		{"@@ +1 -1 @@\n", 0, {0}},
		{"@@ -1, +1 @@\n", 0, {0}},
		{"@@-1 +1 @@\n", 0, {0}},
		{"", 0, {0}},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct hunk hunk = {.parents = 7, .left = {7, 7, 7}};

		assert_int_equal(hunk_begin(&hunk, table[i].line), table[i].parents > 0);
		assert_int_equal(hunk.parents, table[i].parents ? table[i].parents : 7);
		for (unsigned side = 0; side <= table[i].parents && side < 3; side++)
			assert_int_equal(hunk.left[side], table[i].parents ? table[i].left[side] : 7);
	}
}

/* The most parents that are read, and one more. */
static void test_many_parents(void **state)
{
	(void)state;
	for (unsigned parents = HUNK_PARENTS; parents <= HUNK_PARENTS + 1; parents++) {
		g_autofree char *marks = g_strnfill(parents + 1, '@');
		g_autoptr(GString) line = g_string_new(marks);
		struct hunk hunk;

		for (unsigned i = 0; i < parents; i++)
			g_string_append(line, " -1");
		g_string_append_printf(line, " +1 %s\n", marks);
		assert_int_equal(hunk_begin(&hunk, line->str), parents <= HUNK_PARENTS);
	}
}

static void check_lines(const char *header, const char *lines, bool complete, bool overrun)
{
	struct hunk hunk;

	assert_true(hunk_begin(&hunk, header));
	for (const char *line = lines; *line; line = strchr(line, '\n') + 1) {
		if (complete)
			assert_false(hunk_is_complete(&hunk));
		hunk_take(&hunk, line);
	}
	assert_int_equal(hunk_is_complete(&hunk), complete);
	assert_int_equal(hunk_is_overrun(&hunk), overrun);
}

static void test_lines(void **state)
{
	(void)state;
	check_lines("@@ -1,3 +1,3 @@", " 0\n-1\n+2\n\n", true, false);
	check_lines("@@ -1 +1 @@", "-1\n\\ Kein Zeilenumbruch am Dateiende.\n+2\n", true, false);
	check_lines("@@ -1,2 +1,2 @@", " 0\n-1\n", false, false);
	check_lines("@@ -1 +1,2 @@", " 0\n 1\n", true, true);
	check_lines("@@ -1,2 +1,2 @@", "no mark\n\n", true, false);
	check_lines("@@@ -1,3 -1,3 +1,4 @@@", "  one\n -two\n +deux\n++zwei\n  three\n", true, false);
	check_lines("@@@ -1,2 -1,2 +1,1 @@@", "- a\n -b\n  \n", true, false);
	check_lines("@@@ -1 -1 +1 @@@", "--a\n\\ No newline at end of file\n++b\n", true, false);
	check_lines("@@@ -1,2 -1,2 +1,2 @@@", "\n \n", true, false);
	check_lines("@@@@ -1,1 -0,0 -1,1 +1,1 @@@@", "- -a\n+++b\n", true, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_many_parents),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests_name("hunk", tests, NULL, NULL);
}
