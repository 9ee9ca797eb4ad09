/* escaping_parser.c - the parser program of test_sandbox.c: the first word of a mail says what it tries, as one would
 * that a mail has taken over.  If it comes back, the facts say what errno it got, 0 if it had its way. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#include <glib.h>

#include "parser/frame.h"
#include "parser/worker.h"

static pid_t parent;
static char *page; /* of memory */
static size_t page_size;

/* What may be asked before the sandbox is shut. */
static void prepare(void)
{
	parent = getppid();
	g_random_int();
	page_size = (size_t)getpagesize();
	page = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static bool open_path(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Programs and processes ------------------------------------------------------------------------------------------- */

static bool try_system(void)
{
	return system("true") >= 0;
}

static bool try_popen(void)
{
	return popen("true", "r") != NULL;
}

static bool try_execve(void)
{
	char *arguments[] = {(char *)"true", NULL};

	return execve("/bin/true", arguments, NULL) == 0;
}

static bool try_execveat(void)
{
	char *arguments[] = {(char *)"true", NULL};

	return syscall(SYS_execveat, AT_FDCWD, "/bin/true", arguments, NULL, 0) == 0;
}

static bool try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool try_clone3(void)
{
	return syscall(SYS_clone3, NULL, 0) >= 0;
}

static void *run_thread(void *context)
{
	return context;
}

static bool try_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run_thread, NULL);
	return errno == 0;
}

static bool try_ptrace_me(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool try_ptrace_parent(void)
{
	return ptrace(PTRACE_ATTACH, parent, NULL, NULL) == 0;
}

static bool try_kill_parent(void)
{
	return kill(parent, SIGKILL) == 0;
}

static bool try_kill_all(void)
{
	return kill(-1, 0) == 0;
}

static bool try_tgkill_parent(void)
{
	return syscall(SYS_tgkill, parent, parent, SIGABRT) == 0;
}

static bool try_tkill_parent(void)
{
	return syscall(SYS_tkill, parent, SIGKILL) == 0;
}

static bool try_kill_itself(void)
{
	return raise(SIGKILL) == 0;
}

static bool try_queue_parent(void)
{
	return sigqueue(parent, SIGTERM, (union sigval){0}) == 0;
}

static bool try_pidfd(void)
{
	return syscall(SYS_pidfd_open, parent, 0) >= 0;
}

static bool try_read_parent(void)
{
	struct iovec here = {page, 8}, there = {page, 8};

	return process_vm_readv(parent, &here, 1, &there, 1, 0) >= 0;
}

static bool try_write_parent(void)
{
	struct iovec here = {page, 8}, there = {page, 8};

	return process_vm_writev(parent, &here, 1, &there, 1, 0) >= 0;
}

static bool try_limit_parent(void)
{
	struct rlimit none = {0, 0};

	return prlimit(parent, RLIMIT_CPU, &none, NULL) == 0;
}

static bool try_limit_files(void)
{
	struct rlimit many = {1024, 1024};

	return setrlimit(RLIMIT_NOFILE, &many) == 0;
}

static bool try_affinity(void)
{
	cpu_set_t set;

	return sched_getaffinity(parent, sizeof(set), &set) == 0;
}

/* Who it is -------------------------------------------------------------------------------------------------------- */

static bool try_setuid(void)
{
	return setuid(0) == 0;
}

static bool try_unshare(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool try_chroot(void)
{
	return chroot("/") == 0;
}

static bool try_personality(void)
{
	return syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */) >= 0;
}

static bool try_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static bool try_keyring(void)
{
	return syscall(SYS_keyctl, 0, -4, 0) >= 0;
}

static bool try_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0) >= 0;
}

static bool try_perf(void)
{
	return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0) >= 0;
}

/* Sockets ---------------------------------------------------------------------------------------------------------- */

static bool try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool try_socketpair(void)
{
	int sockets[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0;
}

static bool try_connect(void)
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/postgresql/.s.PGSQL.5432"};

	return connect(PARSER_PROCESS_SOCKET, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool try_sendto(void)
{
	return sendto(PARSER_PROCESS_SOCKET, "x", 1, MSG_NOSIGNAL, NULL, 0) == 1;
}

static bool try_send_elsewhere(void)
{
	struct msghdr message = {0};

	return sendmsg(5, &message, MSG_NOSIGNAL) >= 0;
}

static bool try_write_socket(void)
{
	return write(PARSER_PROCESS_SOCKET, "x", 1) == 1;
}

static bool try_receive(void)
{
	char byte;

	return recv(PARSER_PROCESS_SOCKET, &byte, 1, MSG_DONTWAIT) >= 0;
}

static bool try_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, page) >= 0;
}

/* Files ------------------------------------------------------------------------------------------------------------ */

static bool try_passwd(void)
{
	return open_path("/etc/passwd", O_RDONLY);
}

static bool try_shadow(void)
{
	return open_path("/etc/shadow", O_RDONLY | O_CLOEXEC);
}

static bool try_environment(void)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/environ", (int)parent);

	return open_path(path, O_RDONLY);
}

static bool try_own_memory(void)
{
	return open_path("/proc/self/mem", O_RDONLY);
}

static bool try_folder(void)
{
	return open_path("/", O_RDONLY | O_DIRECTORY);
}

static bool try_library(void)
{
	return open_path("/usr/bin/env", O_RDONLY);
}

static bool try_write_file(void)
{
	return open_path("/tmp/patchmaild-escaped", O_WRONLY | O_CREAT);
}

static bool try_write_memory(void)
{
	return open_path("/proc/self/mem", O_RDWR);
}

static bool try_temporary_file(void)
{
	return open_path("/tmp", O_RDWR | O_TMPFILE);
}

static bool try_path(void)
{
	return open_path("/etc", O_PATH);
}

static bool try_openat2(void)
{
	uint64_t how[3] = {O_RDONLY, 0, 0};

	return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof(how)) >= 0;
}

static bool try_handle(void)
{
	return syscall(SYS_open_by_handle_at, AT_FDCWD, page, O_RDONLY) >= 0;
}

static bool try_list(void)
{
	return syscall(SYS_getdents64, PARSER_PROCESS_SOCKET, page, page_size) >= 0;
}

static bool try_unlink(void)
{
	return unlinkat(AT_FDCWD, "/tmp/patchmaild-escaped", 0) == 0;
}

static bool try_rename(void)
{
	return syscall(SYS_renameat2, AT_FDCWD, "/tmp/patchmaild-a", AT_FDCWD, "/tmp/patchmaild-b", 0) == 0;
}

static bool try_make_folder(void)
{
	return mkdirat(AT_FDCWD, "/tmp/patchmaild-escaped", 0700) == 0;
}

static bool try_chmod(void)
{
	return fchmodat(AT_FDCWD, "/tmp", 0777, 0) == 0;
}

static bool try_readlink(void)
{
	return readlinkat(AT_FDCWD, "/proc/self/exe", page, page_size) >= 0;
}

static bool try_chdir(void)
{
	return chdir("/") == 0;
}

static bool try_pipe(void)
{
	int pipes[2];

	return pipe2(pipes, 0) == 0;
}

static bool try_dup(void)
{
	return dup(PARSER_PROCESS_SOCKET) >= 0;
}

static bool try_fcntl(void)
{
	return fcntl(PARSER_PROCESS_SOCKET, F_GETFD) >= 0;
}

static bool try_ioctl(void)
{
	return syscall(SYS_ioctl, PARSER_PROCESS_SOCKET, 0x5412 /* TIOCSTI */, "x") == 0;
}

static bool try_memfd(void)
{
	return memfd_create("x", 0) >= 0;
}

/* Memory ----------------------------------------------------------------------------------------------------------- */

static bool try_map_program(void)
{
	return mmap(NULL, page_size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool try_map_writable_program(void)
{
	return mmap(NULL, page_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, PARSER_PROCESS_SOCKET, 0) !=
	       MAP_FAILED;
}

static bool try_make_program(void)
{
	return mprotect(page, page_size, PROT_READ | PROT_EXEC) == 0;
}

static bool try_key_program(void)
{
	return syscall(SYS_pkey_mprotect, page, page_size, PROT_READ | PROT_EXEC, -1) == 0;
}

static bool try_shared_memory(void)
{
	return shmget(IPC_PRIVATE, page_size, 0600) >= 0;
}

static bool try_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, 0) >= 0;
}

#ifdef __x86_64__
/* The calls of another processor: getpid(2) of i386, and of x32. */
static bool try_i386(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
	return result > 0;
}

static bool try_x32(void)
{
	return syscall(0x40000000L | SYS_getpid) > 0;
}
#endif

/* What it may ------------------------------------------------------------------------------------------------------ */

static bool try_warning(void)
{
	g_warning("a warning");
	g_critical("%s", "what g_return_if_fail() says");
	return true;
}

static bool try_memory(void)
{
	char *much = g_malloc(100 * 1024 * 1024);

	memset(much, 'x', 100 * 1024 * 1024);
	much = g_realloc(much, 200 * 1024 * 1024);
	g_free(much);
	return true;
}

static bool try_protect(void)
{
	return mprotect(page, page_size, PROT_READ) == 0 && mprotect(page, page_size, PROT_READ | PROT_WRITE) == 0;
}

static bool try_time(void)
{
	return g_get_real_time() > 0 && g_get_monotonic_time() > 0 && g_random_int() != g_random_int();
}

static bool try_abort(void)
{
	abort();
}

/* A descriptor besides the socket is an error of that number. */
static bool try_descriptors(void)
{
	struct stat about;

	for (int fd = 0; fd < 4096; fd++) {
		errno = 1000 + fd;
		if (fd != PARSER_PROCESS_SOCKET && fstat(fd, &about) == 0)
			return false;
	}
	return true;
}

#define ATTEMPT(name)             \
	{                         \
#name, try_##name \
	}

static const struct {
	const char *name;
	bool (*attempt)(void);
} attempts[] = {
	ATTEMPT(system),
	ATTEMPT(popen),
	ATTEMPT(execve),
	ATTEMPT(execveat),
	ATTEMPT(fork),
	ATTEMPT(clone3),
	ATTEMPT(thread),
	ATTEMPT(ptrace_me),
	ATTEMPT(ptrace_parent),
	ATTEMPT(kill_parent),
	ATTEMPT(kill_all),
	ATTEMPT(tgkill_parent),
	ATTEMPT(tkill_parent),
	ATTEMPT(kill_itself),
	ATTEMPT(queue_parent),
	ATTEMPT(pidfd),
	ATTEMPT(read_parent),
	ATTEMPT(write_parent),
	ATTEMPT(limit_parent),
	ATTEMPT(limit_files),
	ATTEMPT(affinity),
	ATTEMPT(setuid),
	ATTEMPT(unshare),
	ATTEMPT(chroot),
	ATTEMPT(personality),
	ATTEMPT(dumpable),
	ATTEMPT(keyring),
	ATTEMPT(bpf),
	ATTEMPT(perf),
	ATTEMPT(socket),
	ATTEMPT(unix_socket),
	ATTEMPT(socketpair),
	ATTEMPT(connect),
	ATTEMPT(sendto),
	ATTEMPT(send_elsewhere),
	ATTEMPT(write_socket),
	ATTEMPT(receive),
	ATTEMPT(io_uring),
	ATTEMPT(passwd),
	ATTEMPT(shadow),
	ATTEMPT(environment),
	ATTEMPT(own_memory),
	ATTEMPT(folder),
	ATTEMPT(library),
	ATTEMPT(write_file),
	ATTEMPT(write_memory),
	ATTEMPT(temporary_file),
	ATTEMPT(path),
	ATTEMPT(openat2),
	ATTEMPT(handle),
	ATTEMPT(list),
	ATTEMPT(unlink),
	ATTEMPT(rename),
	ATTEMPT(make_folder),
	ATTEMPT(chmod),
	ATTEMPT(readlink),
	ATTEMPT(chdir),
	ATTEMPT(pipe),
	ATTEMPT(dup),
	ATTEMPT(fcntl),
	ATTEMPT(ioctl),
	ATTEMPT(memfd),
	ATTEMPT(map_program),
	ATTEMPT(map_writable_program),
	ATTEMPT(make_program),
	ATTEMPT(key_program),
	ATTEMPT(shared_memory),
	ATTEMPT(userfaultfd),
	ATTEMPT(warning),
	ATTEMPT(memory),
	ATTEMPT(protect),
	ATTEMPT(time),
	ATTEMPT(abort),
	ATTEMPT(descriptors),
#ifdef __x86_64__
	ATTEMPT(i386),
	ATTEMPT(x32),
#endif
};

static char *parse(const struct parser_mail *mail, const char *reason)
{
	if (reason != NULL)
		return g_strdup("{\"rejected\":true}");
	if (strcmp(mail->bytes, "pid") == 0)
		return g_strdup_printf("{\"pid\":%d}", (int)getpid());
	for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
		if (strcmp(mail->bytes, attempts[i].name) == 0) {
			bool worked = attempts[i].attempt();

			return g_strdup_printf("{\"errno\":%d}", worked ? 0 : errno);
		}
	}
	return g_strdup("{\"unknown\":true}");
}

int main(int count, char **arguments)
{
	static const struct parser_program program = {.prepare = prepare, .parse = parse};

	return parser_worker_run(count, arguments, &program);
}
