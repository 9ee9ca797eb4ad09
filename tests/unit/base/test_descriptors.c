/* test_descriptors.c - what a process was born with is closed, and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptors.h"

#define FIRST 10

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Neighbours, one far away, and one above a limit that was lowered since. */
static void open_some(void)
{
	const struct rlimit low = {.rlim_cur = 200, .rlim_max = 200};
	const int numbers[] = {FIRST - 1, FIRST, FIRST + 1, FIRST + 2, 100, 300};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		dup2(STDIN_FILENO, numbers[i]);
	setrlimit(RLIMIT_NOFILE, &low);
}

/* In a process of its own, whose status is the number of what is wrong. */
static int outcome_of(int (*close_all)(unsigned))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		open_some();
		if (!is_open(FIRST - 1) || !is_open(FIRST) || !is_open(300))
			_exit(1);
		if (close_all(FIRST) != 0)
			_exit(2);
		if (!is_open(STDERR_FILENO) || !is_open(FIRST - 1))
			_exit(3);
		for (int fd = FIRST; fd < 1024; fd++)
			if (is_open(fd))
				_exit(4);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_close_from(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(descriptors_close_from), 0);
}

static void test_close_each(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(descriptors_close_each), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close_from),
		cmocka_unit_test(test_close_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
