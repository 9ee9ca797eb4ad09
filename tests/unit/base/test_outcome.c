/* test_outcome.c - the table of outcomes. */
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

#include "base/outcome.h"

static void test_names(void **state)
{
	static const char *const names[OUTCOME_KINDS] = {
		[OUTCOME_STORED] = "stored",     [OUTCOME_DUPLICATE] = "duplicate",     [OUTCOME_WAITING] = "waiting",
		[OUTCOME_IGNORED] = "ignored",   [OUTCOME_QUARANTINED] = "quarantined", [OUTCOME_REFUSED] = "refused",
		[OUTCOME_DEFERRED] = "deferred",
	};
	enum outcome_kind kind;

	(void)state;
	for (unsigned i = 0; i < OUTCOME_KINDS; i++) {
		assert_int_equal(outcome_of_name(names[i], &kind), 0);
		assert_int_equal(kind, i);
		assert_string_equal(outcome_rule(kind)->name, names[i]);
	}
	kind = OUTCOME_WAITING;
	assert_int_equal(outcome_of_name("", &kind), -EINVAL);
	assert_int_equal(outcome_of_name("Stored", &kind), -EINVAL);
	assert_int_equal(outcome_of_name("lost", &kind), -EINVAL);
	assert_int_equal(outcome_of_name(NULL, &kind), -EINVAL);
	assert_int_equal(kind, OUTCOME_WAITING);
}

/* What somebody forgot to set must never acknowledge a mail. */
static void test_zero_is_deferred(void **state)
{
	static const struct outcome outcome;
	const struct outcome_rule *rule = outcome_rule(outcome.kind);

	(void)state;
	assert_int_equal(outcome.kind, OUTCOME_DEFERRED);
	assert_int_equal(rule->exit_code, 75);
	assert_int_equal(rule->step, OUTCOME_STAY);
	assert_false(rule->kept);
}

/* Postfix bounces on every exit code but 0 and 75. */
static void test_codes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < OUTCOME_KINDS; i++) {
		const struct outcome_rule *rule = outcome_rule((enum outcome_kind)i);

		switch (i) {
		case OUTCOME_DEFERRED:
			assert_int_equal(rule->exit_code, 75);
			assert_int_equal(rule->lmtp_code, 451);
			assert_string_equal(rule->status, "4.3.0");
			assert_int_equal(rule->step, OUTCOME_STAY);
			break;
		case OUTCOME_REFUSED:
			assert_int_equal(rule->exit_code, 77);
			assert_int_equal(rule->lmtp_code, 550);
			assert_string_equal(rule->status, "5.7.1");
			assert_int_equal(rule->step, OUTCOME_NEXT_LOGGED);
			break;
		default:
			assert_int_equal(rule->exit_code, 0);
			assert_int_equal(rule->lmtp_code, 250);
			assert_int_equal(rule->step, OUTCOME_NEXT);
			assert_int_equal(rule->status[0], '2');
		}
	}
}

static void test_set(void **state)
{
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};

	(void)state;
	outcome_set(&outcome, OUTCOME_QUARANTINED, "%s of %d", "part", 2);
	outcome.quarantine_id = 7;
	assert_string_equal(outcome.reason, "part of 2");
	/* The old reason may be part of the new one. */
	outcome_set(&outcome, OUTCOME_DEFERRED, "not: %s", outcome.reason);
	assert_string_equal(outcome.reason, "not: part of 2");
	assert_int_equal(outcome.quarantine_id, 0);
	outcome_set(&outcome, OUTCOME_STORED, NULL);
	assert_null(outcome.reason);
	assert_int_equal(outcome.kind, OUTCOME_STORED);
	outcome_release(&outcome);
	outcome_release(&outcome);
}

static void test_count_text(void **state)
{
	static const struct {
		uint64_t counts[OUTCOME_KINDS];
		const char *text;
	} rows[] = {
		{{0}, "0 mails"},
		{{[OUTCOME_STORED] = 1}, "1 mail: 1 stored"},
		{{[OUTCOME_STORED] = 2, [OUTCOME_DEFERRED] = 1}, "3 mails: 2 stored, 1 deferred"},
		{{[OUTCOME_IGNORED] = UINT64_MAX}, "18446744073709551615 mails: 18446744073709551615 ignored"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = outcome_count_text(rows[i].counts);

		assert_string_equal(text, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_zero_is_deferred), cmocka_unit_test(test_codes),
		cmocka_unit_test(test_set),   cmocka_unit_test(test_count_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
