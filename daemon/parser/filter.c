/* filter.c - the system calls that reading mail needs.
 *
 * Called by the sandbox, when everything is loaded that is read from files.  Promises that what is not on the list ends
 * the process, and that nothing on it reaches another process, a socket but the one, a file to be written, or memory
 * that holds what the mail could have put there as a program.
 */
#include "parser/filter.h"

#include <errno.h>

#include "build-config.h"

#if HAVE_SECCOMP

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib.h>
#include <seccomp.h>

/* Those of any arguments.  Where a processor does not have one, libseccomp passes it over. */
static const int calls[] = {
	/* Memory. */
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	/* The socket, and the module of a character set. */
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(fstatat64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(pread64),
	SCMP_SYS(read),
	/* Time, chance, and what the mails have used. */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(gettimeofday),
	/* The end, also by abort(3). */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	/* GLib wakes threads that there are not. */
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	/* The kernel's own. */
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
};

/* What AddressSanitizer needs for a report and for its look for leaks, for which it stops the process by another one,
 * and gcov to write down what it has counted. */
static const int instrument_calls[] = {
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(fcntl),
	SCMP_SYS(ftruncate),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(getppid),
	SCMP_SYS(ioctl),
	SCMP_SYS(kill),
	SCMP_SYS(lseek),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(prctl),
	SCMP_SYS(prlimit64),
	SCMP_SYS(ptrace),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(tgkill),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(uname),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(wait4),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

/* What the kernel reads of an int; whatever stands in the other half of the register. */
#define INT_MASK UINT64_C(0xffffffff)
#define IS_INT(argument, value) SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, INT_MASK, (scmp_datum_t)(value))

/* A call that is allowed with some arguments. */
struct rule {
	int call;
	unsigned count;
	struct scmp_arg_cmp arguments[2];
};

static int allow(scmp_filter_ctx context, const int *list, size_t count)
{
	int status = 0;

	for (size_t i = 0; i < count && status == 0; i++)
		status = seccomp_rule_add(context, SCMP_ACT_ALLOW, list[i], 0);
	return status;
}

static int allow_some(scmp_filter_ctx context, const struct rule *rules, size_t count)
{
	int status = 0;

	for (size_t i = 0; i < count && status == 0; i++)
		status = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, rules[i].call, rules[i].count,
		                                rules[i].arguments);
	return status;
}

static int allow_arguments(scmp_filter_ctx context, const struct filter *filter)
{
	const struct scmp_arg_cmp not_executable = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	const struct rule rules[] = {
		{SCMP_SYS(sendmsg), 1, {IS_INT(0, filter->socket)}},
		/* The last words of a library. */
		{SCMP_SYS(write), 1, {IS_INT(0, STDERR_FILENO)}},
		{SCMP_SYS(writev), 1, {IS_INT(0, STDERR_FILENO)}},
		/* abort(3), and GLib's end. */
		{SCMP_SYS(tgkill), 2, {IS_INT(0, getpid()), IS_INT(2, SIGABRT)}},
		{SCMP_SYS(tgkill), 2, {IS_INT(0, getpid()), IS_INT(2, SIGTRAP)}},
		/* Processor time for the next mail. */
		{SCMP_SYS(prlimit64), 2, {IS_INT(0, 0), IS_INT(1, RLIMIT_CPU)}},
		{SCMP_SYS(mmap), 1, {not_executable}},
		{SCMP_SYS(mmap2), 1, {not_executable}},
		{SCMP_SYS(mprotect), 1, {not_executable}},
	};

	return allow_some(context, rules, G_N_ELEMENTS(rules));
}

/* A file is opened to be read; its bytes may be run if they cannot be written: it is the module of a character set. */
static int allow_files(scmp_filter_ctx context)
{
	const struct scmp_arg_cmp not_writable = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC);
	const struct scmp_arg_cmp of_file = SCMP_A3_64(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0);
	const scmp_datum_t others = INT_MASK & ~(scmp_datum_t)(O_CLOEXEC | O_DIRECTORY | O_LARGEFILE | O_NONBLOCK);
	const struct rule rules[] = {
		{SCMP_SYS(open), 1, {SCMP_A1_64(SCMP_CMP_MASKED_EQ, others, O_RDONLY)}},
		{SCMP_SYS(openat), 1, {SCMP_A2_64(SCMP_CMP_MASKED_EQ, others, O_RDONLY)}},
		{SCMP_SYS(mmap), 2, {not_writable, of_file}},
		{SCMP_SYS(mmap2), 2, {not_writable, of_file}},
	};

	return allow_some(context, rules, G_N_ELEMENTS(rules));
}

/* Libraries look for files that they can do without. */
static int refuse_files(scmp_filter_ctx context)
{
	int status = seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);

	return status == 0 ? seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), 0) : status;
}

static int add_rules(scmp_filter_ctx context, const struct filter *filter)
{
	int status = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (status == 0)
		status = allow(context, calls, G_N_ELEMENTS(calls));
	if (status == 0 && filter->instrumented)
		return allow(context, instrument_calls, G_N_ELEMENTS(instrument_calls));
	if (status == 0)
		status = allow_arguments(context, filter);
	if (status < 0)
		return status;
	return filter->files ? allow_files(context) : refuse_files(context);
}

static int set_processor(scmp_filter_ctx context, uint32_t processor)
{
	int status;

	if (processor == 0 || processor == seccomp_arch_native())
		return 0;
	status = seccomp_arch_remove(context, SCMP_ARCH_NATIVE);
	return status == 0 ? seccomp_arch_add(context, processor) : status;
}

/* The filter (the caller releases it with seccomp_release(3)); NULL and a negative errno. */
static scmp_filter_ctx make(const struct filter *filter, int *ret_status)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);

	if (context == NULL) {
		*ret_status = -ENOMEM;
		return NULL;
	}
	*ret_status = set_processor(context, filter->processor);
	if (*ret_status == 0)
		*ret_status = add_rules(context, filter);
	if (*ret_status == 0)
		return context;
	seccomp_release(context);
	return NULL;
}

int filter_apply(const struct filter *filter)
{
	int status;
	scmp_filter_ctx context = make(filter, &status);

	if (context == NULL)
		return status;
	status = seccomp_load(context);
	seccomp_release(context);
	return status;
}

int filter_describe(const struct filter *filter, int fd)
{
	int status;
	scmp_filter_ctx context = make(filter, &status);

	if (context == NULL)
		return status;
	status = seccomp_export_pfc(context, fd);
	seccomp_release(context);
	return status;
}

#else

int filter_apply(const struct filter *filter)
{
	(void)filter;
	return -ENOSYS;
}

int filter_describe(const struct filter *filter, int fd)
{
	(void)filter;
	(void)fd;
	return -ENOSYS;
}

#endif
