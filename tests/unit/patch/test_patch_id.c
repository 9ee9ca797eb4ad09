/* test_patch_id.c - patch_id.c: the digits of `git patch-id --stable`, and what of a diff counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/patch_id.h"

#define GIT_LINE "diff --git a/lamp.c b/lamp.c\n"
#define NAMES "--- a/lamp.c\n+++ b/lamp.c\n"
#define SMALL GIT_LINE "index 1234567..89abcde 100644\n" NAMES "@@ -1 +1 @@\n-off\n+on\n"
#define OTHER                                                                                                \
	"diff --git a/door.c b/door.c\nindex 1234567..89abcde 100644\n--- a/door.c\n+++ b/door.c\n@@ -1 +1 " \
	"@@\n-a\n+b\n"
#define BINARY \
	"diff --git a/x.png b/x.png\nindex 1111111..2222222 100644\nGIT binary patch\nliteral 1\nIcmZPo000310RR91\n\n"

/* What git 2.39.5 prints. */
static const struct {
	const char *diff, *id;
} known[] = {
	{SMALL, "f677df43f9070a208e73359529478d03df6ecee8"},
	{SMALL OTHER, "17eea6db380411c5d144c006748c42422f835adf"},
	/* a binary file: the names of its objects */
	{BINARY, "eef2a28e8517cbf7dec044227f636ac556be2e8c"},
	/* the line that begins the file after it does not count */
	{BINARY SMALL, "fe6c9eec4d52cfed55c175c0cd1b81323e700ec5"},
	{"diff --git a/x b/x\nindex 1..2\nBinary files a/x and b/x differ\n",
         "40d1b2b0527154127542597b4f9a8027473d1816"},
	/* only a mode, only a name */
	{"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "7bcc152e36c71a85a4deab4464e51432487ef9af"},
	{"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n" SMALL, "104b86f333e71a9a5cb259d6a2a48a9fece7d9b5"},
	{"diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
         "18df27b32c0996f34aa52b1464f3d86cd15e063a"},
	{"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n",
         "58195a97830991d7580867d05c1e7359d7f78b4b"},
	/* signatures, and hunks that are no hunks */
	{GIT_LINE NAMES "@@ -0,0 +1,2 @@\n+a\n+-- \n-- \n2.39\n", "42bd303db04b62b1b8e0309062d15b194387473e"},
	{GIT_LINE NAMES "@@ -1 @@\n-off\n+on\n", "329801125bb1bbe328744fac9c4c9e5b46f41f01"},
	{GIT_LINE NAMES "@@ -,3 +1 @@\n-off\n+on\n x\n", "a36753cf0f9e5c8dd2f86742b7b2d45f26e45a34"},
	{GIT_LINE NAMES "@@ -1,9 +1 @@\n-off\n+on\nprose\n", "8f5091b925cfc6d180791473cd24642d184ad692"},
	{GIT_LINE NAMES "@@ -1,99999999999 +1 @@\n-off\n+on\n", "f677df43f9070a208e73359529478d03df6ecee8"},
	{GIT_LINE NAMES "@@ -1 +1 @@\n-off\n\\ short\n+on\n", "fdb0932202680f841dfafb217bd43e50e5b0d232"},
	/* git takes only what begins with "diff " */
	{"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-off\n+on\n", NULL},
	{"prose\n", NULL},
	{"", NULL},
};

static void test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		g_autofree char *id = patch_id(known[i].diff);

		if (g_strcmp0(id, known[i].id) != 0)
			fail_msg("case %zu has %s, not %s:\n%s", i, id ? id : "none",
			         known[i].id ? known[i].id : "none", known[i].diff);
	}
}

/* What does not count. */
static void test_same(void **state)
{
	static const char *const others[] = {
		GIT_LINE NAMES "@@ -1 +1 @@\n-off\n+on\n",
		GIT_LINE "index 7654321..edcba98 100755\n" NAMES "@@ -70,1 +71,1 @@ int main(void)\n-off\n+on\n",
		GIT_LINE NAMES "@@ -1 +1 @@\n- o f\tf\n+ on\r\n",
		GIT_LINE NAMES "@@ -1 +1 @@\n-off\n+on",
		GIT_LINE NAMES "@@ -1 +1 @@\n-off\n+on\n\\ No newline at end of file\n",
		"prose\n\n" SMALL "-- \n2.39.5\n",
	};
	g_autofree char *small = patch_id(SMALL);

	(void)state;
	assert_int_equal(strlen(small), PATCH_ID_LENGTH);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *id = patch_id(others[i]);

		if (g_strcmp0(id, small) != 0)
			fail_msg("case %zu:\n%s", i, others[i]);
	}
}

/* What counts. */
static void test_differs(void **state)
{
	static const char *const others[] = {
		GIT_LINE NAMES "@@ -1 +1 @@\n-on\n+off\n",
		GIT_LINE NAMES "@@ -1 +1 @@\n+on\n-off\n",
		GIT_LINE NAMES "@@ -1,2 +1,2 @@\n-off\n+on\n x\n",
		GIT_LINE "old mode 100644\nnew mode 100755\n" NAMES "@@ -1 +1 @@\n-off\n+on\n",
		"diff --git a/lamp.h b/lamp.h\n" NAMES "@@ -1 +1 @@\n-off\n+on\n",
		SMALL OTHER,
		SMALL BINARY,
	};
	g_autofree char *small = patch_id(SMALL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *id = patch_id(others[i]);

		assert_string_not_equal(id, small);
	}
}

/* The order of the files does not count, and neither does text between them. */
static void test_files(void **state)
{
	g_autofree char *both = patch_id(SMALL OTHER), *turned = patch_id(OTHER SMALL);
	g_autofree char *apart = patch_id(SMALL "\nand this\n\n" OTHER), *small = patch_id(SMALL);

	(void)state;
	assert_string_equal(turned, both);
	assert_string_equal(apart, both);
	assert_string_not_equal(small, both);
}

/* A diff of which every line is torn off somewhere gives digits or none, and reads nothing beyond its end. */
static void test_cut(void **state)
{
	static const char whole[] = SMALL BINARY OTHER "commit 0123456789012345678901234567890123456789\n" SMALL;

	(void)state;
	for (size_t length = 0; length < sizeof(whole); length++) {
		g_autofree char *cut = g_strndup(whole, length), *id = patch_id(cut);

		assert_true((id != NULL) == (length >= strlen("diff ")));
		assert_true(!id || strspn(id, "0123456789abcdef") == PATCH_ID_LENGTH);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known), cmocka_unit_test(test_same), cmocka_unit_test(test_differs),
		cmocka_unit_test(test_files), cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("patch_id", tests, NULL, NULL);
}
