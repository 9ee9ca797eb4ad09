/* test_archive_settings.c - the settings of archives that are followed, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "settings/archive_settings.h"

static key_file *parse(const char *text)
{
	struct key_file_fault fault;
	key_file *file = key_file_parse(text, strlen(text), &fault);

	assert_non_null(file);
	return file;
}

/* The archive "a" of a text that is right. */
static struct archive_settings *read_right(const char *text)
{
	g_autoptr(key_file) file = parse(text);
	struct archive_settings *settings;
	struct key_file_fault fault;

	assert_true(archive_settings_check(file, &fault));
	settings = archive_settings_read(file, "a", &fault);
	assert_non_null(settings);
	return settings;
}

/* What is wrong with [archive a] and these lines is said, with its line, and no value is repeated. */
static void check_wrong(const char *lines, const char *expected)
{
	g_autofree char *text = g_strconcat("[archive a]\n", lines, NULL);
	g_autoptr(key_file) file = parse(text);
	struct key_file_fault checked, read;

	assert_false(archive_settings_check(file, &checked));
	assert_null(archive_settings_read(file, "a", &read));
	assert_non_null(strstr(checked.reason, expected));
	assert_string_equal(checked.reason, read.reason);
	assert_int_equal(checked.line, read.line);
	assert_true(checked.line > 0);
	assert_null(strstr(checked.reason, "hidden"));
	key_file_fault_release(&checked);
	key_file_fault_release(&read);
}

static void test_defaults(void **state)
{
	struct archive_settings *settings = read_right("[archive a]\npath=/srv/a\n");

	(void)state;
	assert_string_equal(settings->name, "a");
	assert_string_equal(settings->path, "/srv/a");
	assert_null(settings->command);
	assert_null(settings->list_id);
	assert_int_equal(settings->interval, ARCHIVE_INTERVAL);
	assert_int_equal(settings->command_timeout, ARCHIVE_COMMAND);
	archive_settings_free(settings);
}

static void test_all(void **state)
{
	struct archive_settings *settings = read_right("[archive a]\npath=/srv/a b\nlist_id=demo.example.org\n"
	                                               "command=/bin/fetch --into '/srv/a b'\n"
	                                               "interval=86400\ncommand_timeout=1\n");

	(void)state;
	assert_string_equal(settings->path, "/srv/a b");
	assert_string_equal(settings->list_id, "demo.example.org");
	assert_int_equal(g_strv_length(settings->command), 3);
	assert_string_equal(settings->command[2], "/srv/a b");
	assert_int_equal(settings->interval, 86400);
	assert_int_equal(settings->command_timeout, 1);
	archive_settings_free(settings);
}

static void test_wrong(void **state)
{
	(void)state;
	check_wrong("", "[archive a] needs a path");
	check_wrong("path=hidden\n", "path in [archive a] has to be an absolute path");
	check_wrong("path=/x\ncommand=hidden\n", "command in [archive a] has to be an absolute path and arguments");
	check_wrong("path=/x\ncommand=/hidden 'x\n", "command in [archive a] has to be");
	check_wrong("path=/x\ninterval=0\n", "interval in [archive a] has to be seconds from 1 to 86400");
	check_wrong("path=/x\ninterval=86401\n", "interval in [archive a] has to be");
	check_wrong("path=/x\ncommand_timeout=hidden\n", "command_timeout in [archive a] has to be seconds");
	check_wrong("path=/x\nintervall=hidden\n", "unknown key");
	check_wrong("path=/x\nraw=all\n", "unknown key");
}

static void check_name(const char *name, const char *expected)
{
	g_autofree char *text = g_strdup_printf("[archive %s]\npath=/x\n", name);
	g_autoptr(key_file) file = parse(text);
	struct key_file_fault fault;

	assert_false(archive_settings_check(file, &fault));
	assert_non_null(strstr(fault.reason, expected));
	key_file_fault_release(&fault);
}

static void test_names(void **state)
{
	g_autofree char *longest = g_strnfill(ARCHIVE_NAME_MAX + 1, 'a');
	g_autoptr(key_file) file = parse("[archive]\nraw=all\n[archive b]\npath=/x\n");
	struct key_file_fault fault;

	(void)state;
	check_name("a b", "the name of an archive has a blank in it: [archive a b]");
	check_name(longest, "longer than 200 bytes");
	assert_false(archive_settings_has_group("archive"));
	assert_true(archive_settings_has_group("archive b"));
	assert_true(archive_settings_check(file, &fault));
	assert_null(archive_settings_read(file, "c", &fault));
	assert_string_equal(fault.reason, "there is no [archive c]");
	key_file_fault_release(&fault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
