/* test_maildir.c - which files of a Maildir or a folder are mails, and their order. */
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

#include <sys/stat.h>
#include <glib/gstdio.h>

#include "archive/maildir.h"

static char *root;

static void make(const char *name)
{
	g_autofree char *path = g_build_filename(root, name, NULL);

	assert_true(g_file_set_contents(path, "x", 1, NULL));
}

static void make_folder(const char *name)
{
	g_autofree char *path = g_build_filename(root, name, NULL);

	assert_int_equal(mkdir(path, 0700), 0);
}

/* The list is these names under the root, joined by blanks. */
static void check(const GPtrArray *paths, const char *expected)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (unsigned i = 0; i < paths->len; i++) {
		const char *path = g_ptr_array_index(paths, i);

		assert_true(g_str_has_prefix(path, root));
		g_string_append_printf(names, "%s%s", i == 0 ? "" : " ", path + strlen(root) + 1);
	}
	assert_string_equal(names->str, expected);
}

static int make_root(void **state)
{
	(void)state;
	root = g_dir_make_tmp("patchmaild-test-XXXXXX", NULL);
	return root == NULL;
}

static void remove_tree(const char *path)
{
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
			remove_tree(inner);
		else
			g_unlink(inner);
	}
	if (folder != NULL)
		g_dir_close(folder);
	g_rmdir(path);
}

static int remove_root(void **state)
{
	(void)state;
	remove_tree(root);
	g_clear_pointer(&root, g_free);
	return 0;
}

static void test_maildir(void **state)
{
	g_autoptr(GPtrArray) paths = NULL;

	(void)state;
	assert_false(maildir_is(root));
	make_folder("new");
	assert_false(maildir_is(root));
	make_folder("cur");
	make_folder("tmp");
	assert_true(maildir_is(root));

	make("new/1700000003.a");
	make("cur/1700000001.b:2,S");
	make("new/900000000.c");
	make("cur/1700000002.d:2,");
	make("tmp/1700000000.e");
	make("cur/.hidden");
	make_folder("cur/folder");
	assert_int_equal(maildir_list(root, &paths), 0);
	check(paths, "new/900000000.c cur/1700000001.b:2,S cur/1700000002.d:2, new/1700000003.a");
}

static void test_folder(void **state)
{
	g_autoptr(GPtrArray) paths = NULL, empty = NULL;
	g_autofree char *fifo = g_build_filename(root, "fifo", NULL), *link = g_build_filename(root, "link", NULL);

	(void)state;
	assert_int_equal(maildir_list_folder(root, &empty), 0);
	assert_int_equal(empty->len, 0);
	make("10.eml");
	make("9.eml");
	make("a");
	make(".hidden");
	make_folder("deeper");
	make("deeper/1.eml");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink("a", link), 0);
	assert_int_equal(maildir_list_folder(root, &paths), 0);
	check(paths, "9.eml 10.eml a link");
}

static void test_missing(void **state)
{
	GPtrArray *paths = NULL;

	(void)state;
	assert_int_equal(maildir_list("/nonexistent", &paths), -ENOENT);
	assert_int_equal(maildir_list_folder("/nonexistent", &paths), -ENOENT);
	assert_int_equal(maildir_list_folder("/dev/null", &paths), -ENOTDIR);
	assert_null(paths);
	assert_false(maildir_is("/nonexistent"));
	/* A Maildir that loses a folder on the way. */
	make_folder("new");
	assert_int_equal(maildir_list(root, &paths), -ENOENT);
	assert_null(paths);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_maildir, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_folder, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_missing, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
