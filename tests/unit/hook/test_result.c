/* test_result.c - what an answer of a receiver means, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "hook/result.h"

/* What becomes of a status. */
static enum hook_outcome outcome_of(unsigned status)
{
	const struct hook_answer answer = {.status = status, .phrase = "", .body = ""};
	struct hook_result result;
	enum hook_outcome outcome;

	hook_result_of_answer(&answer, &result);
	outcome = result.outcome;
	assert_int_equal(result.retry_after, 0);
	assert_true((result.reason == NULL) == (outcome == HOOK_DELIVERED));
	hook_result_release(&result);
	return outcome;
}

static void test_statuses(void **state)
{
	(void)state;
	for (unsigned status = 0; status < 1000; status++) {
		enum hook_outcome outcome = outcome_of(status);

		if (status == 408 || status == 425 || status == 429 || status >= 500 || status < 200)
			assert_int_equal(outcome, HOOK_FAILED);
		else
			assert_int_equal(outcome, status < 300 ? HOOK_DELIVERED : HOOK_REFUSED);
	}
}

/* What is asked for by an answer of a status. */
static unsigned retry_after(unsigned status, int64_t seconds)
{
	const struct hook_answer answer = {.status = status, .phrase = "", .body = "", .retry_after = seconds};
	struct hook_result result;

	hook_result_of_answer(&answer, &result);
	hook_result_release(&result);
	return result.retry_after;
}

static void test_retry_after(void **state)
{
	(void)state;
	assert_int_equal(retry_after(429, 1), 1);
	assert_int_equal(retry_after(503, 120), 120);
	assert_int_equal(retry_after(503, 0), 0);
	assert_int_equal(retry_after(503, -1), 0);
	assert_int_equal(retry_after(503, INT64_MIN), 0);
	assert_int_equal(retry_after(503, HOOK_RETRY_AFTER_MAX + 1), HOOK_RETRY_AFTER_MAX);
	assert_int_equal(retry_after(503, INT64_MAX), HOOK_RETRY_AFTER_MAX);
	/* It is about the receiver, not about an event. */
	assert_int_equal(retry_after(200, 5), 0);
	assert_int_equal(retry_after(404, 5), 0);
}

static void check_reason(unsigned status, const char *phrase, const char *body, const char *expected)
{
	const struct hook_answer answer = {.status = status, .phrase = phrase, .body = body};
	struct hook_result result;

	hook_result_of_answer(&answer, &result);
	assert_string_equal(result.reason, expected);
	hook_result_release(&result);
}

static void test_reasons(void **state)
{
	(void)state;
	check_reason(0, "", "", "the receiver gave no answer");
	check_reason(500, "", "", "HTTP 500");
	check_reason(500, "Internal Server Error", "", "HTTP 500 Internal Server Error");
	check_reason(400, "Bad", "\r\n \tno id\r\nsecond line", "HTTP 400 Bad: no id");
	check_reason(400, "", "no id", "HTTP 400: no id");
	check_reason(502, "Bad Gateway", "<html><body>sorry", "HTTP 502 Bad Gateway");
	check_reason(301, "Moved", "", "HTTP 301 Moved (redirects are not followed)");
	check_reason(410, "Gone", "bye", "HTTP 410 Gone (the receiver is gone for good): bye");
	/* What could do harm to a log. */
	check_reason(400, "A\033[31m\tB", "c\302\205d\377\342\200\256e",
	             "HTTP 400 A\\x1b[31m\\x09B: c\\u0085d\\xff\\u202ee");
}

static void test_reason_has_an_end(void **state)
{
	g_autofree char *long_text = g_strnfill(5000, 'x');
	g_autoptr(GString) wide = g_string_new(NULL);
	struct hook_result result;

	(void)state;
	hook_result_fail(&result, long_text);
	assert_int_equal(strlen(result.reason), HOOK_REASON_MAX);
	assert_int_equal(result.outcome, HOOK_FAILED);
	hook_result_release(&result);
	for (unsigned i = 0; i < 1000; i++)
		g_string_append(wide, "\303\251");
	hook_result_fail(&result, wide->str);
	assert_true(g_utf8_validate(result.reason, -1, NULL));
	assert_true(g_utf8_strlen(result.reason, -1) <= HOOK_REASON_MAX);
	assert_true(g_utf8_strlen(result.reason, -1) > HOOK_REASON_MAX / 2);
	hook_result_release(&result);
}

static void check_command(int waited, const char *said, enum hook_outcome outcome, const char *reason)
{
	struct hook_result result;

	hook_result_of_command(waited, said, &result);
	assert_int_equal(result.outcome, outcome);
	if (reason)
		assert_string_equal(result.reason, reason);
	else
		assert_null(result.reason);
	hook_result_release(&result);
}

static void test_commands(void **state)
{
	(void)state;
	check_command(0, "all is well", HOOK_DELIVERED, NULL);
	check_command(1 << 8, "", HOOK_FAILED, "the command ended by exit status 1");
	check_command(75 << 8, "\n\nno\033room\nmore", HOOK_FAILED, "the command ended by exit status 75: no\\x1broom");
	check_command(9, "", HOOK_FAILED, "the command ended by signal 9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses), cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_reasons),  cmocka_unit_test(test_reason_has_an_end),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
