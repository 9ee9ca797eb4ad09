/* test_sandbox.c - what a parser cannot do that a mail has taken over: escaping_parser.c tries it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include "base/deadline.h"
#include "build-config.h"
#include "parser/pool.h"
#include "parser/sandbox.h"

#define STOPPED "the parser ended by signal 31 (SIGSYS): it asked for what its sandbox does not allow"
#define ABORTED "the parser ended by signal 6 (SIGABRT)"

static struct parser_pool *pool;

static int start_with(const char *sandbox)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *folder = g_path_get_dirname(self);
	g_autofree char *file = g_build_filename(folder, "escaping_parser", NULL);

	return parser_pool_start(file, NULL, sandbox, 1, 60, &pool);
}

static int start(void **state)
{
	(void)state;
	return start_with(CONFIG_SANDBOX_BEST_EFFORT);
}

static int stop(void **state)
{
	(void)state;
	g_clear_pointer(&pool, parser_pool_free);
	return 0;
}

/* What the parser says, or why it ended; the caller frees it. */
static char *attempt(const char *name)
{
	const struct parser_mail mail = {name, strlen(name), NULL};
	struct parser_result result;

	parser_pool_submit(pool, &mail, NULL, 0);
	parser_pool_wait(pool);
	assert_true(parser_pool_next(pool, &result));
	if (result.reason == NULL)
		return result.facts;
	g_free(result.facts);
	return result.reason;
}

static void check(const char *name, const char *expected)
{
	g_autofree char *got = attempt(name);

	if (strcmp(got, expected) != 0)
		fail_msg("%s: %s", name, got);
}

static void check_error(const char *name, int error)
{
	g_autofree char *expected = g_strdup_printf("{\"errno\":%d}", error);

	check(name, expected);
}

static void check_all(const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(names[i], STOPPED);
}

/* Is there a filter here?  Sanitizers need more than can be taken. */
static bool has_filter(void)
{
	g_autofree char *shortcomings = NULL;

	g_free(attempt("pid"));
	shortcomings = parser_pool_shortcomings(pool);
	return !INSTRUMENTED && HAVE_SECCOMP && (shortcomings == NULL || strstr(shortcomings, "seccomp") == NULL);
}

/* skip() would say "not ok" in TAP. */
static bool lacks_filter(void)
{
	bool lacks = !has_filter();

	if (lacks)
		print_message("# not tried: there is no filter\n");
	return lacks;
}

static void test_processes(void **state)
{
	static const char *const names[] = {
		"system",       "popen",       "execve",       "execveat",      "fork",        "clone3",
		"thread",       "ptrace_me",   "kill_parent",  "ptrace_parent", "kill_all",    "tgkill_parent",
		"tkill_parent", "kill_itself", "queue_parent", "pidfd",         "read_parent", "write_parent",
		"limit_parent", "limit_files", "affinity",
	};

	(void)state;
	if (lacks_filter())
		return;
	check_all(names, G_N_ELEMENTS(names));
}

static void test_identity(void **state)
{
	static const char *const names[] = {
		"setuid", "unshare", "chroot", "personality", "dumpable", "keyring", "bpf", "perf",
#ifdef __x86_64__
		"i386",   "x32",
#endif
	};

	(void)state;
	if (lacks_filter())
		return;
	check_all(names, G_N_ELEMENTS(names));
}

static void test_sockets(void **state)
{
	static const char *const names[] = {
		"socket",         "unix_socket",  "socketpair", "connect",  "sendto",
		"send_elsewhere", "write_socket", "receive",    "io_uring",
	};

	(void)state;
	if (lacks_filter())
		return;
	check_all(names, G_N_ELEMENTS(names));
}

/* Those that are only read are kept from it by Landlock, or by a filter that lets it open none. */
static void test_files(void **state)
{
	static const char *const kept[] = {
		"passwd", "shadow", "environment", "own_memory", "folder", "library",
	};
	static const char *const names[] = {
		"write_file", "write_memory", "temporary_file", "path",  "openat2",  "handle", "list",
		"unlink",     "rename",       "make_folder",    "chmod", "readlink", "chdir",  "pipe",
		"dup",        "fcntl",        "ioctl",          "memfd",
	};

	(void)state;
	if (lacks_filter())
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		check_error(kept[i], EACCES);
	check_all(names, G_N_ELEMENTS(names));
	assert_int_not_equal(access("/tmp/patchmaild-escaped", F_OK), 0);
}

static void test_memory(void **state)
{
	static const char *const names[] = {
		"map_program", "map_writable_program", "make_program", "key_program", "shared_memory", "userfaultfd",
	};

	(void)state;
	if (lacks_filter())
		return;
	check_all(names, G_N_ELEMENTS(names));
}

/* What libraries do while they read mail, and how they end. */
static void test_what_it_may(void **state)
{
	static const char *const names[] = {"warning", "memory", "protect", "time", "descriptors"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		check_error(names[i], 0);
	if (!INSTRUMENTED)
		check("abort", ABORTED);
}

/* Without a sandbox there is none: the attempts are real ones. */
static void test_off(void **state)
{
	(void)state;
	assert_int_equal(start_with(CONFIG_SANDBOX_OFF), 0);
	check_error("descriptors", 0);
	check_error("passwd", 0);
	check_error("unix_socket", 0);
	check_error("make_program", 0);
	assert_null(parser_pool_shortcomings(pool));
}

/* The value of a line "KEY: value" of a file of /proc; the caller frees it. */
static char *value_of(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	assert_non_null(line);
	line += strlen(key);
	line += strspn(line, ": \t");
	return g_strndup(line, strcspn(line, "\n"));
}

static char *read_process(int pid, const char *file)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, file);
	char *text = NULL;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static int pid_of_parser(void)
{
	g_autofree char *answer = attempt("pid");

	return atoi(strchr(answer, ':') + 1);
}

/* What the kernel says of it. */
static void test_seen_from_outside(void **state)
{
	static const struct {
		const char *key, *value;
	} expected[] = {
		{"\nNoNewPrivs", "1"},
		{"\nCapEff", "0000000000000000"},
		{"\nCapPrm", "0000000000000000"},
		{"\nSeccomp", "2"},
	};
	int pid;
	g_autofree char *status = NULL, *uid = NULL, *gid = NULL, *groups = NULL;

	(void)state;
	if (lacks_filter())
		return;
	pid = pid_of_parser();
	status = read_process(pid, "status");
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		g_autofree char *value = value_of(status, expected[i].key);

		assert_string_equal(value, expected[i].value);
	}
	if (geteuid() != 0)
		return;
	uid = value_of(status, "\nUid");
	gid = value_of(status, "\nGid");
	groups = value_of(status, "\nGroups");
	assert_string_equal(uid, "65534\t65534\t65534\t65534");
	assert_string_equal(gid, "65534\t65534\t65534\t65534");
	assert_string_equal(g_strstrip(groups), "");
}

/* Whoever cannot be dumped belongs to root in /proc. */
static void test_not_dumpable(void **state)
{
	g_autofree char *path = NULL;
	struct stat about;

	(void)state;
	if (lacks_filter())
		return;
	path = g_strdup_printf("/proc/%d/environ", pid_of_parser());
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_uid, 0);
}

static void test_limits(void **state)
{
	static const char *const none[] = {
		"Max core file size", "Max file size", "Max processes", "Max locked memory", "Max msgqueue size",
	};
	g_autofree char *limits = NULL, *files = NULL, *memory = NULL;

	(void)state;
	if (lacks_filter())
		return;
	limits = read_process(pid_of_parser(), "limits");
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autofree char *value = value_of(limits, none[i]);

		assert_true(g_str_has_prefix(value, "0 "));
	}
	files = value_of(limits, "Max open files");
	memory = value_of(limits, "Max address space");
	assert_int_equal(atoi(files), PARSER_PROCESS_FILES);
	assert_true(g_ascii_strtoull(memory, NULL, 10) <= PARSER_PROCESS_MEMORY);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_processes),
		TEST(test_identity),
		TEST(test_sockets),
		TEST(test_files),
		TEST(test_memory),
		TEST(test_what_it_may),
		cmocka_unit_test_teardown(test_off, stop),
		TEST(test_seen_from_outside),
		TEST(test_not_dumpable),
		TEST(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
