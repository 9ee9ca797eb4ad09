/* test_import_progress.c - what import says of how far it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "commands/import_progress.h"

#define SECOND 1000000

static void assert_text(const struct import_progress *progress, const char *expected)
{
	g_autofree char *text = import_progress_text(progress);

	assert_string_equal(text, expected);
}

static void assert_bar(const struct import_progress *progress, unsigned columns, const char *expected)
{
	g_autofree char *bar = import_progress_bar(progress, columns);

	assert_string_equal(bar, expected);
}

static void test_all(void **state)
{
	const uint64_t counts[OUTCOME_KINDS] = {[OUTCOME_STORED] = 1234567, [OUTCOME_IGNORED] = 10};
	const struct import_progress progress = {counts, 1000, 410, 0, 600 * (int64_t)SECOND};

	(void)state;
	assert_text(&progress, "41 %  1,234,577 mails  2,057/s  14:23 left  1,234,567 stored, 10 ignored");
}

/* The rate of mails is that of this run, and so is the time: what was passed over took none. */
static void test_going_on(void **state)
{
	const uint64_t counts[OUTCOME_KINDS] = {[OUTCOME_DUPLICATE] = 100};
	const struct import_progress progress = {counts, 1000, 600, 500, 10 * SECOND};

	(void)state;
	assert_text(&progress, "60 %  100 mails  10/s  0:40 left  100 duplicate");
}

static void test_beginning(void **state)
{
	const uint64_t counts[OUTCOME_KINDS] = {[OUTCOME_STORED] = 1};
	const struct import_progress none = {counts, 1000, 0, 0, 0}, early = {counts, 1000, 900, 0, 1000};

	(void)state;
	assert_text(&none, "0 %  1 mail  1 stored");
	assert_text(&early, "90 %  1 mail  1 stored");
}

static void test_unknown_size(void **state)
{
	const uint64_t counts[OUTCOME_KINDS] = {[OUTCOME_STORED] = 20, [OUTCOME_DEFERRED] = 1};
	const struct import_progress progress = {counts, 0, 12345, 0, SECOND};

	(void)state;
	assert_text(&progress, "21 mails  21/s  20 stored, 1 deferred");
	assert_bar(&progress, 80, "21 mails  21/s  20 stored, 1 deferred");
}

/* It grew while it was read; the clock jumped; a rate of next to nothing. */
static void test_odd_numbers(void **state)
{
	const uint64_t counts[OUTCOME_KINDS] = {[OUTCOME_STORED] = 1};
	const struct import_progress grown = {counts, 1000, 2000, 0, SECOND},
				     slow = {counts, UINT64_MAX, 1, 0, 1000000 * (int64_t)SECOND},
				     back = {counts, 1000, 500, 0, -SECOND}, behind = {counts, 1000, 400, 500, SECOND};

	(void)state;
	assert_text(&grown, "100 %  1 mail  1/s  1 stored");
	assert_text(&slow, "0 %  1 mail  0/s  277777:46:40 left  1 stored");
	assert_text(&back, "50 %  1 mail  1 stored");
	assert_text(&behind, "40 %  1 mail  1/s  1 stored");
}

static void test_bar(void **state)
{
	const uint64_t counts[OUTCOME_KINDS] = {[OUTCOME_STORED] = 500};
	const struct import_progress progress = {counts, 1000, 500, 0, 5 * SECOND};

	(void)state;
	assert_bar(&progress, 79, "[##########----------] 50 %  500 mails  100/s  0:05 left  500 stored");
	assert_bar(&progress, 59, "50 %  500 mails  100/s  0:05 left  500 stored");
	assert_bar(&progress, 10, "50 %  500 ");
	assert_bar(&progress, 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),         cmocka_unit_test(test_going_on),
		cmocka_unit_test(test_beginning),   cmocka_unit_test(test_unknown_size),
		cmocka_unit_test(test_odd_numbers), cmocka_unit_test(test_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
