/* test_patch_hash.c - patch_hash.c: what of a diff counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/patch_hash.h"

#define SMALL "--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n-off\n+on\n"

/* The lines that must go into the hash, and diffs that reduce to them. */
static const struct {
	const char *normal;
	const char *diff;
} table[] = {
	/* as it is, and as git writes it */
	{SMALL, SMALL},
	{SMALL, "diff --git a/lamp.c b/lamp.c\nindex 1234567..89abcde 100644\n"
                "--- a/lamp.c\n+++ b/lamp.c\n@@ -1,1 +1,1 @@\n-off\n+on\n"},
	/* line numbers, a missing count, what stands after a hunk header */
	{SMALL, "--- a/lamp.c\n+++ b/lamp.c\n@@ -70 +71 @@ int main(void)\n-off\n+on\n"},
	{SMALL, "--- a/lamp.c\n+++ b/lamp.c\n@@ -70,01 +71,001 @@\n-off\n+on\n"},
	{"--- a/x\n+++ b/x\n@@ -0 +1 @@\n+on\n", "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+on\n"},
	{"--- a/x\n+++ b/x\n@@ -0 +1 @@\n+on\n", "--- a/x\n+++ b/x\n@@ -5,000 +1,1 @@\n+on\n"},
	{"@@ -99999999999999999999999 +1 @@\n", "@@ -1,99999999999999999999999 +1 @@\n"},
	/* what is no hunk header does not count */
	{SMALL, "--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n@@ -1 @@\n@@ -x +1 @@\n@@ -1 +1\n@@\n-off\n+on\n"},
	/* the top directory, and what stands after the name */
	{SMALL,
         "--- lamp-1.0.orig/lamp.c\t2026-01-01 10:00:00\n+++ lamp-1.0/lamp.c 2026-01-02\n@@ -1 +1 @@\n-off\n+on\n"},
	{"--- a/dev/null\n+++ b/y/z\n+on\n", "--- /dev/null\n+++ x/y/z\n+on\n"},
	{"--- a/\n+++ b/\n+on\n", "--- lamp.c\n+++ lamp.c\n+on\n"},
	{"--- a/y\n", "--- x/y\xc2\xa0z\n"},
	/* a removed line that looks like a file name is one, as in Patchwork */
	{"--- a/x\n", "--- comment/x in SQL\n"},
	{"--- \n-x\n", "--- \n-x\n"},
	/* line ends and white space at the ends */
	{SMALL, "--- a/lamp.c\r\n+++ b/lamp.c\r\n@@ -1 +1 @@\r\n-off\r\n+on\r\n"},
	{SMALL, "\n\n  --- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n-off\n+on"},
	{SMALL, SMALL " \n\n\xe3\x80\x80\n"},
	{"-a\n+b\n", "-a\r\n+b"},
	/* other lines */
	{SMALL, "prose\n" SMALL "\\ No newline at end of file\nrename from x\nGIT binary patch\n\tx\n"},
	{"-\n+\n \n-x\n", "-\n+\n \n\n-x\n"},
	{"", ""},
	{"", "prose\nonly\n"},
};

static void test_normalised(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *hash = patch_hash(table[i].diff);
		g_autofree char *expected = g_compute_checksum_for_string(G_CHECKSUM_SHA1, table[i].normal, -1);

		if (strcmp(hash, expected) != 0)
			fail_msg("case %zu:\n%s", i, table[i].diff);
	}
}

/* A hash that another program computed (sha1sum over the lines named above). */
static void test_known(void **state)
{
	g_autofree char *hash = patch_hash(SMALL), *empty = patch_hash("");

	(void)state;
	assert_string_equal(hash, "998b2934e1cb78ca18c32594ac1c044e693446b2");
	assert_int_equal(strlen(hash), PATCH_HASH_LENGTH);
	assert_string_equal(empty, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

/* What counts must change the hash. */
static void test_differs(void **state)
{
	static const char *const others[] = {
		"--- a/lamp.h\n+++ b/lamp.c\n@@ -1 +1 @@\n-off\n+on\n",
		"--- a/lamp.c\n+++ b/lamp.h\n@@ -1 +1 @@\n-off\n+on\n",
		"--- a/lamp.c\n+++ b/lamp.c\n@@ -2,2 +1 @@\n-off\n+on\n",
		"--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1,2 @@\n-off\n+on\n",
		"--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n-of\n+on\n",
		"--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n-off\n+on \n \n+",
		"--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n+on\n-off\n",
	};
	g_autofree char *small = patch_hash(SMALL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *hash = patch_hash(others[i]);

		assert_string_not_equal(hash, small);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normalised),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_differs),
	};

	return cmocka_run_group_tests_name("patch_hash", tests, NULL, NULL);
}
