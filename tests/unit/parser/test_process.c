/* test_process.c - parsers that answer, die, hang, and talk nonsense: bad_parser.c. */
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

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/deadline.h"
#include "facts/document.h"
#include "mail/limits.h"
#include "parser/process.h"
#include "settings/configuration.h"

static struct parser_process *parser;

/* A program of the build tree, by its path from this one. */
static char *program(const char *path)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *folder = g_path_get_dirname(self);

	return g_build_filename(folder, path, NULL);
}

static int start_program(const char *path, const char *settings)
{
	g_autofree char *file = program(path);

	parser = parser_process_new(file, settings, CONFIG_SANDBOX_OFF);
	return parser_process_start(parser);
}

static int start(void **state)
{
	(void)state;
	return start_program("bad_parser", NULL);
}

static int stop(void **state)
{
	(void)state;
	g_clear_pointer(&parser, parser_process_free);
	/* Nothing is left. */
	return waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
}

/* Bring the mail at work to its end. */
static struct parser_result finish(void)
{
	struct parser_result result;

	while (!parser_process_go_on(parser, &result)) {
		struct pollfd item;
		int64_t deadline;

		parser_process_wants(parser, &item, &deadline);
		deadline_poll(&item, 1, deadline);
	}
	return result;
}

/* Parse a mail, or have it rejected. */
static struct parser_result parse(const struct parser_mail *mail, const char *reason, unsigned seconds)
{
	parser_process_begin(parser, mail, reason, deadline_after(seconds));
	return finish();
}

static void result_release(struct parser_result *result)
{
	g_free(result->facts);
	g_free(result->reason);
}

static void check_answer_of_list(const char *text, const char *list_id, const char *expected)
{
	const struct parser_mail mail = {text, strlen(text), list_id};
	struct parser_result result = parse(&mail, NULL, 30);

	assert_int_equal(result.status, 0);
	assert_null(result.reason);
	assert_string_equal(result.facts, expected);
	assert_int_equal(result.length, strlen(expected));
	result_release(&result);
}

static void check_answer(const char *mail, const char *expected)
{
	check_answer_of_list(mail, NULL, expected);
}

/* The mail fails with this status and reason, and the next one is fine.  One that is to blame has facts that say so. */
static void check_failure(const char *text, unsigned seconds, int status, const char *expected)
{
	const struct parser_mail mail = {text, strlen(text), NULL};
	struct parser_result result = parse(&mail, NULL, seconds);
	g_autofree char *rejected = g_strdup_printf("{\"rejected\":\"%s\",\"size\":%zu}", expected, mail.length);

	assert_int_equal(result.status, status);
	assert_string_equal(result.reason, expected);
	if (status == -EBADMSG)
		assert_string_equal(result.facts, rejected);
	else
		assert_null(result.facts);
	result_release(&result);
	check_answer("x", "{\"length\":1,\"sum\":177693}");
}

static void test_answers(void **state)
{
	(void)state;
	check_answer("", "{\"length\":0,\"sum\":5381}");
	check_answer("x", "{\"length\":1,\"sum\":177693}");
	/* One worker for all of them. */
	check_answer("count", "{\"mails\":3}");
	check_answer("count", "{\"mails\":4}");
	check_answer("brackets", "{\"a\":\"}\\\\\\\"]{\",\"b\\\\\":[[],{}]}");
}

static void test_large(void **state)
{
	size_t length = 20 * 1024 * 1024;
	g_autofree char *mail = g_strnfill(length, 'x'), *expected = NULL;

	(void)state;
	expected = g_strdup_printf("{\"length\":%zu,\"sum\":%u}", length, g_str_hash(mail));
	check_answer(mail, expected);
}

static void test_own_deaths(void **state)
{
	(void)state;
	check_failure("signal 11", 30, -EBADMSG, "the parser ended by signal 11 (SIGSEGV)");
	check_failure("signal 6", 30, -EBADMSG, "the parser ended by signal 6 (SIGABRT)");
	check_failure("signal 7", 30, -EBADMSG, "the parser ended by signal 7 (SIGBUS)");
	check_failure("signal 31", 30, -EBADMSG,
	              "the parser ended by signal 31 (SIGSYS): it asked for what its sandbox does not "
	              "allow");
	check_failure("signal 24", 30, -EBADMSG, "the parser ended by signal 24 (SIGXCPU)");
	check_failure("signal 4", 30, -EBADMSG, "the parser ended by signal 4 (SIGILL)");
	check_failure("signal 8", 30, -EBADMSG, "the parser ended by signal 8 (SIGFPE)");
	check_failure("exit 0", 30, -EBADMSG, "the parser ended with status 0");
	check_failure("exit 3", 30, -EBADMSG, "the parser ended with status 3");
}

static void test_deaths_from_outside(void **state)
{
	(void)state;
	check_failure("signal 9", 30, -EAGAIN, "the parser ended by signal 9 (SIGKILL)");
	check_failure("signal 15", 30, -EAGAIN, "the parser ended by signal 15 (SIGTERM)");
	/* It could not be set up. */
	check_failure("exit 70", 30, -EAGAIN, "the parser ended with status 70");
	/* A library is missing. */
	check_failure("exit 127", 30, -EAGAIN, "the parser ended with status 127");
}

static void test_second_try(void **state)
{
	g_autofree char *folder = g_dir_make_tmp("patchmaild-test-XXXXXX", NULL);
	g_autofree char *mark = g_build_filename(folder, "mark", NULL), *mail = g_strconcat("once ", mark, NULL);

	(void)state;
	check_answer(mail, "{\"second\":true}");
	check_answer("count", "{\"mails\":2}");
	unlink(mark);
	rmdir(folder);
}

/* Its own time limit is 2/5 of what is left, for each of two tries. */
static void test_hangs(void **state)
{
	int64_t before = g_get_monotonic_time();

	(void)state;
	check_failure("hang", 1, -EBADMSG, "the parser was not done within its time limit");
	check_failure("burn", 1, -EBADMSG, "the parser was not done within its time limit");
	assert_in_range(g_get_monotonic_time() - before, G_USEC_PER_SEC, 4 * G_USEC_PER_SEC);
}

static void test_no_time(void **state)
{
	(void)state;
	check_failure("hang", 0, -EAGAIN, "the parser was not done in time");
}

static void test_nonsense(void **state)
{
	static const char *const mails[] = {"magic", "huge", "over", "more",  "text",  "lines", "latin",
	                                    "two",   "open", "shut", "quote", "slash", NULL};

	(void)state;
	for (unsigned i = 0; mails[i] != NULL; i++)
		check_failure(mails[i], 30, -EBADMSG, "the parser gave no proper answer");
	check_failure("short", 1, -EBADMSG, "the parser was not done within its time limit");
}

/* AddressSanitizer has its own ways with bad memory. */
#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ADDRESS_SANITIZER 1
#endif
#endif

static void test_memory(void **state)
{
	(void)state;
#ifndef HAVE_ADDRESS_SANITIZER
	check_failure("touch ", 30, -EBADMSG, "the parser ended by signal 11 (SIGSEGV)");
	check_failure("eat", 60, -EBADMSG, "the parser needs more than 2048 MiB of memory");
#endif
}

static void test_reject(void **state)
{
	const struct parser_mail mail = {"abc", 3, NULL}, deadly = {"always dies", 11, NULL};
	struct parser_result result = parse(&mail, "no good", 30);

	(void)state;
	assert_int_equal(result.status, 0);
	assert_string_equal(result.facts, "{\"rejected\":\"no good\",\"size\":3}");
	result_release(&result);
	/* If even that kills the parser, the mail is not looked at, but hashed. */
	for (int given = 0; given < 2; given++) {
		result = parse(&deadly, given ? "no good" : NULL, 30);
		assert_int_equal(result.status, given ? 0 : -EBADMSG);
		assert_non_null(strstr(result.facts, "\"facts\":1,\"size\":11,"));
		assert_non_null(
			strstr(result.facts,
		               "\"sha256\":\"27efae1a0ba40d736665f78f020ba3a2f0b0a769f86ac5df77b0e3e00af1a877\""));
		assert_non_null(
			strstr(result.facts, given ? "\"rejected\":\"no good\""
		                                   : "\"rejected\":\"the parser ended by signal 11 (SIGSEGV)\""));
		assert_non_null(strstr(result.facts, "\"message_id\":null,\"subject\":null"));
		result_release(&result);
	}
}

static void test_forget(void **state)
{
	const struct parser_mail mail = {"x", 1, NULL};

	(void)state;
	parser_process_begin(parser, &mail, NULL, deadline_after(30));
	parser_process_forget(parser);
	check_answer("count", "{\"mails\":1}");
	parser_process_forget(parser);
	parser_process_forget(parser);
	check_answer("count", "{\"mails\":1}");
}

/* A worker has nothing of what the process had. */
static void test_surroundings(void **state)
{
	int fd = open("/etc/passwd", O_RDONLY);

	(void)state;
	assert_true(fd >= 0);
	g_setenv("PGPASSWORD", "secret", TRUE);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	parser_process_free(parser);
	assert_int_equal(start_program("bad_parser", NULL), 0);
	check_answer("look", "{\"found\":\"\",\"core\":0}");
	g_unsetenv("PGPASSWORD");
	close(fd);
}

/* The settings come over the socket, however long they are, once to each worker; the list comes with each mail. */
static void test_settings(void **state)
{
	size_t length = 2 * 1024 * 1024;
	g_autofree char *settings = g_strnfill(length, 'x'), *expected = NULL, *of_list = NULL;

	(void)state;
	expected = g_strdup_printf("{\"settings\":%zu,\"list\":\"\"}", length);
	of_list = g_strdup_printf("{\"settings\":%zu,\"list\":\"demo.example.org\"}", length);
	parser_process_free(parser);
	assert_int_equal(start_program("bad_parser", settings), 0);
	check_answer("settings", expected);
	check_answer_of_list("settings", "demo.example.org", of_list);
	check_answer("settings", expected);
	check_answer("count", "{\"mails\":4}");
	/* The next worker has them too. */
	check_failure("exit 3", 30, -EBADMSG, "the parser ended with status 3");
	check_answer("settings", expected);
}

/* Settings that a worker cannot take are no fault of a mail's. */
static void test_bad_settings(void **state)
{
	const struct parser_mail mail = {"x", 1, NULL};
	struct parser_result result;

	(void)state;
	parser_process_free(parser);
	assert_int_equal(start_program("bad_parser", "none"), 0);
	result = parse(&mail, NULL, 30);
	assert_int_equal(result.status, -EAGAIN);
	assert_string_equal(result.reason, "the parser ended with status 70");
	result_release(&result);
}

/* The processes end with the one above them. */
static void test_orphans(void **state)
{
	const struct parser_mail mail = {"hang", 4, NULL};
	int ends[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		if (start_program("bad_parser", NULL) < 0)
			_exit(1);
		parser_process_begin(parser, &mail, NULL, deadline_after(30));
		if (write(ends[1], "x", 1) != 1)
			_exit(1);
		raise(SIGKILL);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

/* No worker can be started. */
static void test_no_program(void **state)
{
	const struct parser_mail mail = {"x", 1, NULL};
	struct parser_result result;

	(void)state;
	parser_process_free(parser);
	parser = parser_process_new("/no/such/program", NULL, CONFIG_SANDBOX_OFF);
	assert_int_equal(parser_process_start(parser), -ENOENT);
	result = parse(&mail, NULL, 30);
	assert_int_equal(result.status, -EAGAIN);
	assert_string_equal(result.reason, "/no/such/program cannot be started: No such file or directory");
	result_release(&result);
}

/* The parser as it is in the program. */
static void test_facts(void **state)
{
	static const char text[] =
		"From: Alice <alice@example.org>\nSubject: hello\nMessage-ID: <1@example.org>\n\ntext\n";
	const struct parser_mail mail = {text, strlen(text), NULL};
	g_autofree char *direct = facts_of_rejected(text, strlen(text), "so");
	struct parser_result result;

	(void)state;
	parser_process_free(parser);
	assert_int_equal(start_program("../../../patchmaild-parser", NULL), 0);
	result = parse(&mail, NULL, 30);
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.facts, "\"message_id\":\"<1@example.org>\""));
	result_release(&result);
	result = parse(&mail, "so", 30);
	assert_string_equal(result.facts, direct);
	result_release(&result);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answers),    TEST(test_large),    TEST(test_own_deaths),   TEST(test_deaths_from_outside),
		TEST(test_second_try), TEST(test_hangs),    TEST(test_no_time),      TEST(test_nonsense),
		TEST(test_memory),     TEST(test_reject),   TEST(test_forget),       TEST(test_surroundings),
		TEST(test_orphans),    TEST(test_settings), TEST(test_bad_settings), TEST(test_no_program),
		TEST(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
