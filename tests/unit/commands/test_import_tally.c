/* test_import_tally.c - the numbers and reasons that import gives at its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "commands/import_tally.h"

static void count(struct import_tally *tally, enum outcome_kind kind, unsigned times, const char *reason)
{
	struct outcome outcome = {.kind = kind, .reason = (char *)reason};

	for (unsigned i = 0; i < times; i++)
		import_tally_count(tally, &outcome);
}

static void assert_summary(const struct import_tally *tally, const char *expected)
{
	g_autofree char *summary = import_tally_summary(tally, false);

	assert_string_equal(summary, expected);
}

static void test_nothing(void **state)
{
	struct import_tally tally = {0};

	(void)state;
	assert_summary(&tally, "0 mails");
	assert_int_equal(import_tally_exit_code(&tally), 0);
	import_tally_release(&tally);
}

static void test_reasons(void **state)
{
	struct import_tally tally = {0};

	(void)state;
	count(&tally, OUTCOME_STORED, 3, NULL);
	count(&tally, OUTCOME_IGNORED, 1, "X-Patchwork-Hint says ignore");
	count(&tally, OUTCOME_IGNORED, 26, "no project has its list id: foo.example.org");
	count(&tally, OUTCOME_WAITING, 2, "what it answers has not come yet");
	count(&tally, OUTCOME_REFUSED, 1, NULL);
	assert_summary(&tally,
	               "33 mails: 3 stored, 2 waiting, 27 ignored, 1 refused\n"
	               "  2 waiting: what it answers has not come yet\n"
	               "  26 ignored: no project has list id foo.example.org; patchmail.add_project() makes one\n"
	               "  1 ignored: X-Patchwork-Hint says ignore\n"
	               "  1 refused: no reason given");
	assert_int_equal(import_tally_exit_code(&tally), 0);
	import_tally_release(&tally);
}

/* List ids are invented; what they hold may do something to terminals. */
static void test_many_reasons(void **state)
{
	struct import_tally tally = {0};
	g_autofree char *summary = NULL;
	g_auto(GStrv) lines = NULL;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		g_autofree char *reason = g_strdup_printf("no project has its list id: \033[%uJ", i);

		count(&tally, OUTCOME_IGNORED, 1, reason);
	}
	summary = import_tally_summary(&tally, false);
	lines = g_strsplit(summary, "\n", -1);
	assert_int_equal(g_strv_length(lines), 1 + IMPORT_REASONS + 1);
	assert_string_equal(lines[1],
	                    "  1 ignored: no project has list id \\x1b[0J; patchmail.add_project() makes one");
	assert_string_equal(lines[1 + IMPORT_REASONS], "  980 ignored: other reasons");
	import_tally_release(&tally);
}

static void test_other_lines(void **state)
{
	struct import_tally tally = {.removed = 4};
	g_autofree char *summary = NULL;

	(void)state;
	count(&tally, OUTCOME_DUPLICATE, 1, NULL);
	summary = import_tally_summary(&tally, true);
	assert_string_equal(summary, "1 mail: 1 duplicate (a dry run: nothing is stored)\n"
	                             "  4 more that the archive has deleted");
	import_tally_release(&tally);
}

static void test_exit_code(void **state)
{
	struct import_tally tally = {0};

	(void)state;
	count(&tally, OUTCOME_IGNORED, 5, "no project has its list id: foo.example.org");
	assert_int_equal(import_tally_exit_code(&tally), 67);
	tally.left_out = 5;
	assert_int_equal(import_tally_exit_code(&tally), 0);
	tally.left_out = 4;
	assert_int_equal(import_tally_exit_code(&tally), 67);
	count(&tally, OUTCOME_QUARANTINED, 1, "broken");
	assert_int_equal(import_tally_exit_code(&tally), 0);
	tally.unreadable = 1;
	assert_int_equal(import_tally_exit_code(&tally), 66);
	count(&tally, OUTCOME_DEFERRED, 1, "the database is away");
	assert_int_equal(import_tally_exit_code(&tally), 75);
	import_tally_release(&tally);
}

static void test_stopped(void **state)
{
	struct import_tally tally = {.stopped = true};

	(void)state;
	assert_int_equal(import_tally_exit_code(&tally), 75);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),      cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_many_reasons), cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_exit_code),    cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
