/* test_filter.c - the system calls that are allowed, on processors that there are not here. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include "build-config.h"
#include "parser/filter.h"

#if HAVE_SECCOMP

#include <seccomp.h>

static const struct {
	const char *name;
	uint32_t number;
} processors[] = {
	{"x86_64", SCMP_ARCH_X86_64},   {"aarch64", SCMP_ARCH_AARCH64}, {"riscv64", SCMP_ARCH_RISCV64},
	{"ppc64le", SCMP_ARCH_PPC64LE}, {"s390x", SCMP_ARCH_S390X},     {"arm", SCMP_ARCH_ARM},
	{"i386", SCMP_ARCH_X86},
};

/* The filter as a text; the caller frees it. */
static char *describe(uint32_t processor, bool files)
{
	const struct filter filter = {.socket = 3, .files = files, .processor = processor};
	int fd = memfd_create("filter", 0);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	char *text = NULL;

	assert_int_equal(filter_describe(&filter, fd), 0);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	close(fd);
	return text;
}

static bool names(const char *text, const char *call)
{
	g_autofree char *name = g_strdup_printf("\"%s\"", call);

	return strstr(text, name) != NULL;
}

static void check(const char *processor, const char *text, const char *const *calls, bool expected)
{
	for (; *calls != NULL; calls++) {
		if (names(text, *calls) != expected)
			fail_msg("%s: %s is %s", processor, *calls, expected ? "missing" : "there");
	}
}

/* What a mail needs is there everywhere, and what no mail needs is nowhere. */
static void test_processors(void **state)
{
	static const char *const needed[] = {
		"read",      "close",     "munmap",         "mremap",     "brk",          "sendmsg",
		"openat",    "pread64",   "mprotect",       "exit_group", "rt_sigreturn", "futex",
		"getrusage", "prlimit64", "rt_sigprocmask", "tgkill",     "getrandom",    NULL,
	};
	static const char *const refused[] = {
		"execve",       "execveat",       "fork",     "vfork",    "clone",    "clone3", "socket",
		"connect",      "sendto",         "recvfrom", "ptrace",   "kill",     "tkill",  "rt_sigqueueinfo",
		"memfd_create", "io_uring_setup", "openat2",  "unlinkat", "renameat", "dup",    "fcntl",
		"ioctl",        "prctl",          NULL,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(processors); i++) {
		g_autofree char *text = describe(processors[i].number, true);

		check(processors[i].name, text, needed, true);
		check(processors[i].name, text, refused, false);
		assert_true(names(text, "mmap") || names(text, "mmap2"));
		assert_true(names(text, "fstat") || names(text, "fstat64"));
		assert_true(names(text, "newfstatat") || names(text, "fstatat64"));
		assert_non_null(strstr(text, "default action"));
	}
}

/* Without files to be read, open is answered by an error. */
static void test_no_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(processors); i++) {
		g_autofree char *with = describe(processors[i].number, true);
		g_autofree char *without = describe(processors[i].number, false);

		assert_null(strstr(with, "ERRNO"));
		assert_non_null(strstr(without, "ERRNO(13)"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_processors), cmocka_unit_test(test_no_files)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void test_none(void **state)
{
	const struct filter filter = {.socket = 3};

	(void)state;
	assert_int_equal(filter_apply(&filter), -ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_none)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
