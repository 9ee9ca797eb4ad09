/* test_holder.c - the name of a process, and whether one has ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include "base/holder.h"

static void test_name(void **state)
{
	g_autofree char *name = holder_name(), *again = holder_name(), *words = holder_in_words(name);
	g_autofree char *expected = g_strdup_printf("process %d of %s", (int)getpid(), g_get_host_name());

	(void)state;
	assert_string_equal(name, again);
	assert_string_equal(words, expected);
	assert_false(holder_is_gone(name));
}

/* The name of a process that has ended. */
static char *name_of_child(void)
{
	char name[1024] = "";
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		g_autofree char *own = holder_name();

		_exit(write(ends[1], own, strlen(own)) > 0 ? 0 : 1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(read(ends[0], name, sizeof(name) - 1) > 0);
	close(ends[0]);
	return g_strdup(name);
}

static void test_gone(void **state)
{
	g_autofree char *name = name_of_child();

	(void)state;
	assert_true(holder_is_gone(name));
}

/* The number of a process that is there, and another start: it is another process. */
static void test_number_again(void **state)
{
	g_autofree char *name = holder_name();
	char *start = strstr(name, ", started ") + strlen(", started ");

	(void)state;
	*start = *start == '9' ? '8' : '9';
	assert_true(holder_is_gone(name));
}

/* What cannot be seen from here is not gone. */
static void test_elsewhere(void **state)
{
	g_autofree char *name = name_of_child(), *elsewhere = g_strconcat(name, "x", NULL);
	static const char *const others[] = {"",
	                                     "process 1 of elsewhere",
	                                     "process 1 of elsewhere, started 1 in x y",
	                                     "a transaction that is not over",
	                                     "process x of y, started z in ",
	                                     NULL};

	(void)state;
	assert_false(holder_is_gone(elsewhere));
	for (unsigned i = 0; others[i]; i++)
		assert_false(holder_is_gone(others[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_number_again),
		cmocka_unit_test(test_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
