/* test_options.c - options.c: what each table takes, and what is said of what it does not take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include "base/log.h"
#include "base/options.h"

#define HELP "usage: demo\n"
#define MOST 8 /* words of a command line */

/* Where the options of the command `demo` go. */
static const char *list_id, *format;
static bool once, quick;

static const struct options_row table[] = {
	{"list-id", "a list id", .value = &list_id},
	{"once", .given = &once},
	{"format", "a format", .value = &format},
	{"quick", .given = &quick, .letter = 'q'},
	{0},
};

/* Read a command line, whose words are parted by one blank each.  The reason, "" if it is good, "help". */
static char *read_line(const struct options_row *rows, int least, int most, const char *line, GStrv *ret_words,
                       struct options *ret_options)
{
	struct options options = {.help = HELP, .table = rows, .least = least, .most = most, .needs = "needs a file"};
	char *reason = NULL;

	list_id = format = NULL;
	once = quick = false;
	*ret_words = g_strsplit(line, " ", -1);
	assert_true(g_strv_length(*ret_words) <= MOST);
	if (options_read(&options, (int)g_strv_length(*ret_words), *ret_words, &reason)) {
		assert_null(reason);
		*ret_options = options;
		return g_strdup("");
	}
	return reason ? reason : g_strdup("help");
}

/* `got`: what went where, and after each ` / ` an argument. */
static void check(const char *line, const char *expected)
{
	g_auto(GStrv) words = NULL;
	g_autoptr(GString) got = g_string_new(NULL);
	struct options options = {0};
	g_autofree char *reason = read_line(table, 0, MOST, line, &words, &options);

	assert_string_equal(reason, "");
	g_string_append_printf(got, "%s %s%s%s", list_id ? list_id : "-", format ? format : "-", once ? " once" : "",
	                       quick ? " quick" : "");
	for (int i = 0; i < options.count; i++)
		g_string_append_printf(got, " / %s", options.arguments[i]);
	assert_null(options.arguments[options.count]);
	assert_string_equal(got->str, expected);
}

static void check_wrong(const struct options_row *rows, const char *line, const char *reason)
{
	g_auto(GStrv) words = NULL;
	struct options options;
	g_autofree char *got = read_line(rows, 1, 2, line, &words, &options);

	assert_string_equal(got, reason);
}

static void test_where_they_go(void **state)
{
	(void)state;
	check("demo", "- -");
	check("demo a b", "- - / a / b");
	check("demo --list-id l a", "l - / a");
	check("demo --list-id=l a", "l - / a");
	check("demo --format f --list-id l", "l f");
	check("demo --once --list-id l", "l - once");
	check("demo --once --once", "- - once");
	check("demo --quick", "- - quick");
	check("demo -q --once a", "- - once quick / a");
	check("demo --list-id --once", "--once -");
	check("demo --li l", "l -"); /* as far as it is one alone */
}

/* What follows the first argument is one, whatever it looks like. */
static void test_arguments(void **state)
{
	(void)state;
	check("demo a --once", "- - / a / --once");
	check("demo -- --once", "- - / --once");
	check("demo - --once", "- - / - / --once");
}

static void test_bad_options(void **state)
{
	(void)state;
	check_wrong(table, "demo --other a", "bad option of demo: --other");
	check_wrong(table, "demo -x a", "bad option of demo: -x");
	check_wrong(table, "demo -l a", "bad option of demo: -l");
	check_wrong(table, "demo -c a", "bad option of demo: -c; it stands before the command");
	check_wrong(table, "demo --once=yes a", "option of demo that takes no value: --once");
	check_wrong(table, "demo --list-id", "option of demo without its value: --list-id");
	check_wrong(table, "demo --list-id=", "option without its value: --list-id needs a list id");
	check_wrong(table, "demo --list-id a --list-id b c", "option given twice: --list-id");
	check_wrong(table, "demo --format= a", "option without its value: --format needs a format");
	check_wrong(table, "demo --other --list-id", "bad option of demo: --other");
}

/* What one command takes, another one does not. */
static void test_other_tables(void **state)
{
	static const struct options_row only_quick[] = {{"quick", .given = &quick}, {0}};

	(void)state;
	check_wrong(only_quick, "demo --once a", "bad option of demo: --once");
	check_wrong(only_quick, "demo --quick a", "");
	check_wrong(NULL, "demo --quick a", "bad option of demo: --quick");
	check_wrong(NULL, "demo a", "");
}

static void test_number_of_arguments(void **state)
{
	(void)state;
	check_wrong(table, "demo", "demo needs a file");
	check_wrong(table, "demo --once", "demo needs a file");
	check_wrong(table, "demo a b", "");
	check_wrong(table, "demo a b c d", "demo needs a file: c");
}

/* Standard output is read back from a file. */
static void test_help(void **state)
{
	FILE *file = tmpfile();
	int kept = dup(STDOUT_FILENO);
	char text[sizeof(HELP) + 1] = "";

	(void)state;
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	check_wrong(table, "demo --once --help --other", "help");
	check_wrong(NULL, "demo -h", "help");
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	rewind(file);
	for (int i = 0; i < 2; i++) {
		assert_non_null(fgets(text, sizeof(text), file));
		assert_string_equal(text, HELP);
	}
	assert_null(fgets(text, sizeof(text), file));
	fclose(file);
}

static void test_end(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_NONE);
	assert_int_equal(options_end(NULL), EX_OK);
	assert_int_equal(options_end(g_strdup("demo needs a file")), EX_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_they_go),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_other_tables),
		cmocka_unit_test(test_number_of_arguments),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
