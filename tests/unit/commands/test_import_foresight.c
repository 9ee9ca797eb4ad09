/* test_import_foresight.c - dates of an import, and what a dry run makes of mails that follow each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "commands/import_date.h"
#include "commands/import_foresight.h"

static void note(struct import_foresight *foresight, const char *position, const char *text)
{
	json_t *facts = json_loads(text, 0, NULL);

	assert_non_null(facts);
	import_foresight_note(foresight, position, facts);
	json_decref(facts);
}

/* What becomes of a mail that the database would give this outcome. */
static enum outcome_kind judge(struct import_foresight *foresight, const char *position, enum outcome_kind kind)
{
	struct outcome outcome = {.kind = kind};

	import_foresight_judge(foresight, position, &outcome);
	kind = outcome.kind;
	outcome_release(&outcome);
	return kind;
}

static void test_duplicates(void **state)
{
	struct import_foresight *foresight = import_foresight_new();

	(void)state;
	note(foresight, "f:0", "{\"message_id\": \"<a@example.org>\", \"references\": []}");
	note(foresight, "f:1", "{\"message_id\": \"<a@example.org>\", \"references\": []}");
	assert_int_equal(judge(foresight, "f:0", OUTCOME_STORED), OUTCOME_STORED);
	assert_int_equal(judge(foresight, "f:1", OUTCOME_STORED), OUTCOME_DUPLICATE);
	import_foresight_free(foresight);
}

static void test_answers(void **state)
{
	struct import_foresight *foresight = import_foresight_new();

	(void)state;
	note(foresight, "1", "{\"message_id\": \"<r@example.org>\", \"references\": [\"<p@example.org>\"]}");
	note(foresight, "2", "{\"message_id\": \"<p@example.org>\", \"references\": []}");
	note(foresight, "3", "{\"message_id\": \"<s@example.org>\", \"references\": [\"<x@y>\", \"<p@example.org>\"]}");
	assert_int_equal(judge(foresight, "1", OUTCOME_WAITING), OUTCOME_WAITING);
	assert_int_equal(judge(foresight, "2", OUTCOME_STORED), OUTCOME_STORED);
	assert_int_equal(judge(foresight, "3", OUTCOME_WAITING), OUTCOME_STORED);
	import_foresight_free(foresight);
}

/* What is not stored is not there for others; a mail that could not be parsed was not noted. */
static void test_not_stored(void **state)
{
	struct import_foresight *foresight = import_foresight_new();

	(void)state;
	note(foresight, "1", "{\"message_id\": \"<a@example.org>\", \"references\": []}");
	note(foresight, "3", "{\"message_id\": \"<a@example.org>\", \"references\": []}");
	assert_int_equal(judge(foresight, "1", OUTCOME_IGNORED), OUTCOME_IGNORED);
	assert_int_equal(judge(foresight, "2", OUTCOME_QUARANTINED), OUTCOME_QUARANTINED);
	assert_int_equal(judge(foresight, "3", OUTCOME_STORED), OUTCOME_STORED);
	import_foresight_free(foresight);
}

/* Facts come from a parser that a mail may have taken over. */
static void test_odd_facts(void **state)
{
	struct import_foresight *foresight = import_foresight_new();

	(void)state;
	note(foresight, "1", "{\"message_id\": 5, \"references\": [7, null]}");
	note(foresight, "2", "[]");
	assert_int_equal(judge(foresight, "1", OUTCOME_WAITING), OUTCOME_WAITING);
	assert_int_equal(judge(foresight, "2", OUTCOME_IGNORED), OUTCOME_IGNORED);
	import_foresight_free(NULL);
	import_foresight_free(foresight);
}

static void test_dates(void **state)
{
	static const char *const bad[] = {"",           "2026", "2026-02-30", "yesterday", "2026-02-10x", "2026-02-10T",
	                                  "99999999999"};
	int64_t seconds;

	(void)state;
	assert_true(import_date_read("1970-01-02", &seconds));
	assert_int_equal(seconds, 86400);
	assert_true(import_date_read("1970-01-01T01:00:00+01:00", &seconds));
	assert_int_equal(seconds, 0);
	assert_true(import_date_read("2026-02-10T06:59:47Z", &seconds));
	assert_int_equal(seconds, 1770706787);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(import_date_read(bad[i], &seconds));
	assert_int_equal(seconds, 1770706787);
	g_autofree char *text = import_date_text(seconds);
	assert_string_equal(text, "2026-02-10");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duplicates), cmocka_unit_test(test_answers), cmocka_unit_test(test_not_stored),
		cmocka_unit_test(test_odd_facts),  cmocka_unit_test(test_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
