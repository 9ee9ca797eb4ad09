/* test_deadline.c - waiting that ends. */
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

#include "base/deadline.h"

static int64_t now(void)
{
	return g_get_monotonic_time();
}

static void test_arithmetic(void **state)
{
	int64_t later = deadline_after(10);

	(void)state;
	assert_in_range(deadline_left(later), 9 * G_USEC_PER_SEC, 10 * G_USEC_PER_SEC);
	assert_int_equal(deadline_left(now() - 1), 0);
	assert_int_equal(deadline_left(0), 0);
	assert_int_equal(deadline_earlier(1, 2), 1);
	assert_int_equal(deadline_earlier(2, 1), 1);
}

static void test_wait(void **state)
{
	int64_t before = now();
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(deadline_wait(ends[0], POLLIN, before + 50000), -ETIMEDOUT);
	assert_in_range(now() - before, 50000, 2 * G_USEC_PER_SEC);
	/* What has passed already still lets through what is ready. */
	assert_int_equal(deadline_wait(ends[0], POLLIN, before), -ETIMEDOUT);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(deadline_wait(ends[0], POLLIN, before), 0);
	assert_int_equal(deadline_wait(ends[1], POLLOUT, before), 0);
	close(ends[1]);
	assert_int_equal(deadline_wait(ends[0], POLLIN, before), 0);
	close(ends[0]);
}

static void test_sleep(void **state)
{
	int64_t before = now();

	(void)state;
	assert_int_equal(deadline_sleep(20000, deadline_after(5)), 0);
	assert_true(now() - before >= 20000);
	before = now();
	assert_int_equal(deadline_sleep(5 * G_USEC_PER_SEC, deadline_after(1)), -ETIMEDOUT);
	assert_true(now() - before < G_USEC_PER_SEC);
}

static void test_back_off(void **state)
{
	(void)state;
	for (unsigned failures = 0; failures < 100; failures++) {
		double middle = failures < 2 ? 1 : failures > 6 ? 60 : MIN(60, 1 << (failures - 1));
		double seconds = deadline_back_off(failures, 1, 60);

		assert_true(seconds >= middle / 2 && seconds <= middle * 1.5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_off),
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
