/* test_pool.c - many mails at several parsers that answer, die, hang, and talk nonsense: bad_parser.c. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
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

#include "base/deadline.h"
#include "parser/pool.h"

static struct parser_pool *pool;

static void start_pool(unsigned workers, unsigned seconds)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *folder = g_path_get_dirname(self);
	g_autofree char *file = g_build_filename(folder, "bad_parser", NULL);

	assert_int_equal(parser_pool_start(file, "settings", CONFIG_SANDBOX_OFF, workers, seconds, &pool), 0);
}

static int stop(void **state)
{
	(void)state;
	g_clear_pointer(&pool, parser_pool_free);
	/* Nothing is left. */
	return waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
}

static void submit(const char *text, int64_t deadline)
{
	const struct parser_mail mail = {text, strlen(text), NULL};

	parser_pool_submit(pool, &mail, NULL, deadline);
}

/* The next result has this status, and facts or, without facts, a reason that begin so. */
static void check_next(int status, const char *expected)
{
	struct parser_result result;

	parser_pool_wait(pool);
	assert_true(parser_pool_next(pool, &result));
	assert_int_equal(result.status, status);
	assert_true(g_str_has_prefix(result.facts != NULL ? result.facts : result.reason, expected));
	g_free(result.facts);
	g_free(result.reason);
}

static void check_next_length(size_t length)
{
	g_autofree char *expected = g_strdup_printf("{\"length\":%zu,", length);

	check_next(0, expected);
}

/* Whatever is next; the number in its facts. */
static int next_number(void)
{
	struct parser_result result;
	int number;

	parser_pool_wait(pool);
	assert_true(parser_pool_next(pool, &result));
	assert_int_equal(result.status, 0);
	number = atoi(strchr(result.facts, ':') + 1);
	g_free(result.facts);
	return number;
}

static void test_order(void **state)
{
	enum { MAILS = 300 };
	char *mails[MAILS];
	struct parser_result result;

	(void)state;
	start_pool(4, 30);
	assert_false(parser_pool_next(pool, &result));
	for (unsigned i = 0; i < MAILS; i++) {
		/* Some do not fit into a socket. */
		mails[i] = g_strnfill(i % 20 == 0 ? 400000 + i : i, 'x');
		submit(mails[i], 0);
	}
	assert_int_equal(parser_pool_mails(pool), MAILS);
	for (unsigned i = 0; i < MAILS; i++)
		check_next_length(strlen(mails[i]));
	assert_int_equal(parser_pool_mails(pool), 0);
	for (unsigned i = 0; i < MAILS; i++)
		g_free(mails[i]);
}

/* Each has its own end, and the others do not see it. */
static void test_deaths(void **state)
{
	(void)state;
	start_pool(3, 30);
	submit("a", 0);
	submit("signal 11", 0);
	submit("bc", 0);
	submit("exit 3", 0);
	submit("always dies", 0);
	submit("signal 9", 0);
	submit("two", 0);
	submit("def", 0);
	check_next_length(1);
	check_next(-EBADMSG, "{\"rejected\":\"the parser ended by signal 11 (SIGSEGV)\"");
	check_next_length(2);
	check_next(-EBADMSG, "{\"rejected\":\"the parser ended with status 3\"");
	check_next(-EBADMSG, "{\"facts\":1,\"size\":11,");
	check_next(-EAGAIN, "the parser ended by signal 9 (SIGKILL)");
	check_next(-EBADMSG, "{\"rejected\":\"the parser gave no proper answer\"");
	check_next_length(3);
}

/* One that hangs has its own time; the others are done meanwhile, and come after it at once. */
static void test_hanging(void **state)
{
	struct parser_result result;
	int64_t before = g_get_monotonic_time();

	(void)state;
	start_pool(2, 30);
	submit("hang", deadline_after(2));
	for (unsigned i = 0; i < 50; i++)
		submit("x", 0);
	check_next(-EBADMSG, "{\"rejected\":\"the parser was not done within its time limit\"");
	assert_in_range(g_get_monotonic_time() - before, G_USEC_PER_SEC, 6 * G_USEC_PER_SEC);
	for (unsigned i = 0; i < 50; i++) {
		assert_true(parser_pool_next(pool, &result));
		assert_string_equal(result.facts, "{\"length\":1,\"sum\":177693}");
		g_free(result.facts);
	}
}

/* The time of a mail without a deadline begins when a worker takes it up. */
static void test_time(void **state)
{
	(void)state;
	start_pool(1, 1);
	for (unsigned i = 0; i < 3; i++)
		submit("hang", 0);
	submit("x", 0);
	submit("y", deadline_after(1));
	for (unsigned i = 0; i < 3; i++)
		check_next(-EBADMSG, "{\"rejected\":\"the parser was not done within its time limit\"");
	check_next_length(1);
	check_next(-EAGAIN, "the parser was not done in time");
}

/* Facts that nobody takes are not piled up. */
static void test_memory(void **state)
{
	enum { MAILS = 40, WORKERS = 2, SIZE = 4000000 };
	struct parser_result result;
	unsigned done = 0;

	(void)state;
	start_pool(WORKERS, 60);
	for (unsigned i = 0; i < MAILS; i++)
		submit("fill 4000000", 0);
	for (unsigned i = 0; i < MAILS; i++) {
		parser_pool_settle(pool);
		parser_pool_go_on(pool, NULL);
	}
	parser_pool_settle(pool);
	while (parser_pool_next(pool, &result)) {
		assert_true(result.length > SIZE);
		g_free(result.facts);
		done++;
	}
	assert_in_range(done, PARSER_POOL_FACTS / SIZE, PARSER_POOL_FACTS / SIZE + WORKERS);
	for (; done < MAILS; done++)
		check_next(0, "{\"filling\":");
}

static unsigned children(void)
{
	g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid()), *text = NULL;
	unsigned count = 0;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	for (const char *at = text; *at != '\0'; at++)
		count += *at == ' ';
	return count;
}

/* There are as many workers as there is work for. */
static void test_workers(void **state)
{
	(void)state;
	start_pool(3, 30);
	assert_int_equal(children(), 1);
	for (unsigned i = 0; i < 5; i++) {
		submit("x", 0);
		check_next_length(1);
	}
	assert_int_equal(children(), 1);
	for (unsigned i = 0; i < 10; i++)
		submit("x", 0);
	assert_int_equal(children(), 3);
	for (unsigned i = 0; i < 10; i++)
		check_next_length(1);
	assert_int_equal(children(), 3);
}

/* One that somebody kills between two mails is replaced. */
static void test_killed(void **state)
{
	int pid;

	(void)state;
	start_pool(1, 30);
	submit("pid", 0);
	pid = next_number();
	kill(pid, SIGKILL);
	submit("pid", 0);
	assert_int_not_equal(next_number(), pid);
}

/* While nobody looks after it, what is at work comes to its end, and nothing new begins. */
static void test_settle(void **state)
{
	struct parser_result result;

	(void)state;
	start_pool(2, 30);
	for (unsigned i = 0; i < 5; i++)
		submit("count", 0);
	parser_pool_settle(pool);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(parser_pool_next(pool, &result));
		assert_string_equal(result.facts, "{\"mails\":1}");
		g_free(result.facts);
	}
	assert_false(parser_pool_next(pool, &result));
	for (unsigned i = 0; i < 3; i++)
		check_next(0, "{\"mails\":");
}

static void test_forget(void **state)
{
	int64_t before = g_get_monotonic_time();

	(void)state;
	start_pool(2, 30);
	submit("x", 0);
	for (unsigned i = 0; i < 5; i++)
		submit("hang", 0);
	parser_pool_forget(pool);
	assert_int_equal(parser_pool_mails(pool), 0);
	submit("xx", 0);
	check_next_length(2);
	parser_pool_dismiss(pool);
	/* There is one mail more after all. */
	submit("xxx", 0);
	check_next_length(3);
	assert_in_range(g_get_monotonic_time() - before, 0, 10 * G_USEC_PER_SEC);
}

static void test_no_program(void **state)
{
	(void)state;
	assert_int_equal(parser_pool_start("/no/such/program", NULL, CONFIG_SANDBOX_OFF, 2, 30, &pool), -ENOENT);
	assert_null(pool);
}

#define TEST(function) cmocka_unit_test_teardown(function, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),   TEST(test_deaths), TEST(test_hanging), TEST(test_time),   TEST(test_memory),
		TEST(test_workers), TEST(test_killed), TEST(test_settle),  TEST(test_forget), TEST(test_no_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
