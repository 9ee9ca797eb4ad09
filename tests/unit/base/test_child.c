/* test_child.c - children: what they have, how they end, and where programs are found. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <errno.h>
#include <cmocka.h>
#include <glib.h>

#include "base/child.h"
#include "base/deadline.h"
#include "base/programs.h"

static int start(const char *script, const int *files, unsigned count, pid_t *ret_pid)
{
	char *const arguments[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
	char *const environment[] = {(char *)"MARK=here", NULL};
	const struct child child = {"/bin/sh", arguments, environment, files, count, false};

	return child_start(&child, ret_pid);
}

/* What a script prints on its descriptor 1. */
static char *output_of(const char *script)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int ends[2], files[] = {CHILD_NULL, -1, CHILD_SAME};
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	files[1] = ends[1];
	assert_int_equal(start(script, files, 3, &pid), 0);
	close(ends[1]);
	while (read(ends[0], &byte, 1) == 1)
		g_string_append_c(text, byte);
	close(ends[0]);
	assert_int_equal(child_wait(pid, deadline_after(10)), 0);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void test_surroundings(void **state)
{
	g_autofree char *text = NULL, *input = NULL;
	sigset_t term;

	(void)state;
	signal(SIGUSR1, SIG_IGN);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	/* Its last seven digits; what stands above is libc's own. */
	text = output_of("echo $MARK; sed -n 's/^\\(SigBlk\\|SigIgn\\):.*\\(.......\\)$/\\1 \\2/p' /proc/self/status");
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	assert_string_equal(text, "here\nSigBlk 0000000\nSigIgn 0000000\n");
	input = output_of("cat; ls -l /proc/self/fd/0 | sed 's/.*-> //'");
	assert_string_equal(input, "/dev/null\n");
}

static void test_ends(void **state)
{
	int64_t before = g_get_monotonic_time();
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(start("exit 3", NULL, 0, &pid), 0);
	status = child_wait(pid, deadline_after(10));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	assert_int_equal(start("exec sleep 60", NULL, 0, &pid), 0);
	status = child_wait(pid, g_get_monotonic_time() + 50000);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(start("exec sleep 60", NULL, 0, &pid), 0);
	status = child_end(pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_in_range(g_get_monotonic_time() - before, 0, 10 * G_USEC_PER_SEC);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Start this in a group of its own, and wait until it has printed a line. */
static pid_t start_group(const char *script)
{
	char *const arguments[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
	int ends[2], files[] = {CHILD_NULL, -1};
	const struct child child = {"/bin/sh", arguments, environ, files, 2, true};
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	files[1] = ends[1];
	assert_int_equal(child_start(&child, &pid), 0);
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	assert_int_equal(getpgid(pid), pid);
	return pid;
}

static void test_group(void **state)
{
	int64_t before = g_get_monotonic_time();
	pid_t pid;
	int status;

	(void)state;
	/* One that obeys is not waited for longer than that takes. */
	pid = start_group("trap 'exit 5' TERM; echo; while :; do sleep 0.01; done");
	status = child_end_group(pid, 10);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	assert_in_range(g_get_monotonic_time() - before, 0, 5 * G_USEC_PER_SEC);
	/* Others of the group go too: the pipe would not end else. */
	pid = start_group("trap '' TERM; sleep 60 & echo; wait");
	status = child_end_group(pid, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	for (int i = 0; i < 1000 && kill(-pid, 0) == 0; i++)
		g_usleep(10000);
	assert_int_equal(kill(-pid, 0), -1);
}

static void test_no_program(void **state)
{
	char *const arguments[] = {(char *)"none", NULL};
	const struct child child = {"/no/such/program", arguments, environ, NULL, 0, false};
	pid_t pid;

	(void)state;
	assert_int_equal(child_start(&child, &pid), -ENOENT);
}

static void test_programs(void **state)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *name = g_path_get_basename(self);
	g_autofree char *beside = programs_find(name, "/installed"),
			*elsewhere = programs_find("no-such", "/installed");

	(void)state;
	assert_string_equal(beside, self);
	assert_string_equal(elsewhere, "/installed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surroundings), cmocka_unit_test(test_ends),     cmocka_unit_test(test_group),
		cmocka_unit_test(test_no_program),   cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
