/* test_file_names.c - file_names.c: which files a diff changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/file_names.h"

#define GIT(a, b) "diff --git " a " " b "\n"
#define HUNK "@@ -1 +1 @@\n-1\n+2\n"

static const struct {
	const char *diff;
	const char *names; /* joined by "|" */
} table[] = {
	{"", ""},
	{"--- a/lamp.c\n+++ b/lamp.c\n", "lamp.c"},
	{"--- a/x/lamp.c\t2026-01-01\n+++ b/y/lamp.c 2026-01-02\n", "x/lamp.c|y/lamp.c"},
	{"--- /dev/null\n+++ b/new\n--- a/old\n+++ /dev/null\n", "new|old"},
	{"--- /dev/null\t1970-01-01 00:00:00 +0000\n+++ b/new\t2026-01-02 00:00:00 +0000\n", "new"},
	{"--- a/z\n+++ b/z\n--- a/a\n+++ b/a\n--- a/z\n+++ b/z", "z|a"},
	{"--- lamp.c\n+++ lamp.c\n", ""},
	{"---\n+++\n--- \n---x/y\n", ""},
	{"\n\n--- a/x\r\n+++ b/x\r\n", "x"},
	{"+++ b/x\xc2\xa0y\n", "x"},
	{"+++ b/l\xc3\xa4mp", "l\xc3\xa4mp"},
	/* what stands in hunks is no name */
	{"--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,3 @@\n--- c/comment\n+++ d/plus\n+++ e/plus\n \n", "x.sql"},
	{"--- a/x.sql\n+++ b/x.sql\n@@ -1 +0,0 @@\n--- c/comment\n--- a/y.sql\n+++ b/y.sql\n" HUNK, "x.sql|y.sql"},
	{"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n\\ Kein Zeilenumbruch\n+++ c/plus\n\\ Kein Zeilenumbruch\n--- a/y\n+++ "
         "b/y\n" HUNK,
         "x|y"},
	{"diff --cc x/lamp.c\nindex 1,2..3\n--- a/x/lamp.c\n+++ b/x/lamp.c\n@@@ -1 -1 +1 @@@\n--- a/comment\n+++ "
         "b/plus\n",
         "x/lamp.c"},
	{"diff --cc x/run.sh\nindex 1,2..3\nmode 100644,100644..100755\n", "x/run.sh"},
	/* git without "--- " */
	{GIT("a/x/run.sh", "b/x/run.sh") "old mode 100644\nnew mode 100755\n", "x/run.sh"},
	{GIT("a/x/new", "b/x/new") "new file mode 100644\nindex 0000000..e69de29\n", "x/new"},
	{GIT("a/x/lamp.ico",
             "b/x/lamp.ico") "index 1..2\nGIT binary patch\nliteral 1\nIcmZQz\n\nliteral 0\nHcmV?d00001\n\n",
         "x/lamp.ico"},
	{GIT("a/x/old.c", "b/y/new.c") "similarity index 100%\nrename from x/old.c\nrename to y/new.c\n",
         "x/old.c|y/new.c"},
	{GIT("a/x/old.c", "b/y/new.c") "rename from x/old.c\nrename to y/new.c\n--- a/x/old.c\n+++ b/y/new.c\n" HUNK,
         "x/old.c|y/new.c"},
	{GIT("a/x/a.c", "b/x/b.c") "similarity index 100%\ncopy from x/a.c\ncopy to x/b.c\n", "x/b.c"},
	{GIT("a/x/a.c", "b/x/b.c") "copy from x/a.c\ncopy to x/b.c\n--- a/x/a.c\n+++ b/x/b.c\n" HUNK GIT(
		 "a/x/c.c", "b/x/c.c") "--- a/x/c.c\n+++ b/x/c.c\n" HUNK,
         "x/b.c|x/c.c"},
	{GIT("old/x/run.sh", "new/x/run.sh") "old mode 100644\nnew mode 100755\n", "x/run.sh"},
	{GIT("run.sh", "run.sh") "old mode 100644\nnew mode 100755\n", "run.sh"},
	/* names with blanks */
	{GIT("a/x/my file", "b/x/my file") "index 1..2\n--- a/x/my file\t\n+++ b/x/my file\t\n" HUNK, "x/my file"},
	{GIT("a/x/my file", "b/x/my file") "index 1..2\n--- a/x/my file\n+++ b/x/my file\n" HUNK, "x/my file"},
	{GIT("a/x/my own file", "b/x/my own file") "old mode 100644\nnew mode 100755\n", "x/my own file"},
	{GIT("a/x/my file", "b/x/my new file") "rename from x/my file\nrename to x/my new file\n",
         "x/my file|x/my new file"},
	{GIT("a/x/my file", "b/x/my new file") "nothing tells them apart\n", ""},
	{"diff -ru a/my file b/my file\n--- a/my file\t2026-01-01\n+++ b/my file\t2026-01-02\n" HUNK, "my file"},
	/* quoted names */
	{"--- \"a/gr\\303\\274n\"\n+++ \"b/gr\\303\\274n\"\n" HUNK, "gr\xc3\xbcn"},
	{"--- \"a/tab\\there \\\"x\\\" \\\\y\"\t2026-01-01\n", "tab\there \"x\" \\y"},
	{GIT("\"a/x/gr\\303\\274n 1\"", "\"b/x/gr\\303\\274n 1\"") "old mode 100644\nnew mode 100755\n",
         "x/gr\xc3\xbcn 1"},
	{GIT("\"a/x/\\303\\274\"", "b/x/u") "rename from \"x/\\303\\274\"\nrename to x/u\n", "x/\xc3\xbc|x/u"},
	{GIT("a/x/u", "\"b/x/\\303\\274\"") "old mode 100644\n", "x/u|x/\xc3\xbc"},
	{"--- \"a/\\374\\000\\7\"\n", "\xef\xbf\xbd\a"},
	{"--- \"a/open\n", "open"},
	{"--- \"\"\n+++ \"/dev/null\"\n", ""},
	/* torn and hostile lines */
	{"diff --git\ndiff --git \ndiff --git x\ndiff --cc \ndiff --cc\ndiff --git \"\ndiff --git \"a/\\\n", ""},
	{"rename from \nrename to\ncopy to \n", ""},
	{"diff --git a/very/long\nb/very/long\n--- a/very/long\n+++ b/very/long\n" HUNK, "very/long"},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GPtrArray) names = file_names_of_diff(table[i].diff);
		g_autofree char *joined = NULL;

		g_ptr_array_add(names, NULL);
		joined = g_strjoinv("|", (char **)names->pdata);
		if (strcmp(joined, table[i].names) != 0)
			fail_msg("%s: %s", table[i].diff, joined);
	}
}

/* A name without a directory is an empty one, as in Patchwork, where delegation rules see it. */
static void test_name_without_directory(void **state)
{
	g_autoptr(GPtrArray) names = file_names_of_diff("--- lamp.c\n+++ lamp.c\n");

	(void)state;
	assert_int_equal(names->len, 1);
	assert_string_equal(g_ptr_array_index(names, 0), "");
}

static void test_many(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) names = NULL;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		g_string_append_printf(text, "--- a/%zu\ntext\n", i);
	names = file_names_of_diff(text->str);
	assert_int_equal(names->len, 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_name_without_directory),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("file names", tests, NULL, NULL);
}
