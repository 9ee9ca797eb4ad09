/* child.c - starts and ends child processes.
 *
 * Used for the parser's workers, for password commands and for the commands of hooks.  Promises that a child gets the
 * descriptors, environment and signals that its caller names, and that no child is left behind as a zombie.
 */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"

#define LOOK 1000 /* microseconds between two looks whether a child has ended */

static void set_attributes(const struct child *child, posix_spawnattr_t *attributes)
{
	int group = child->group ? POSIX_SPAWN_SETPGROUP : 0;
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setflags(attributes, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group));
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setsigmask(attributes, &none);
}

static void add_files(const struct child *child, posix_spawn_file_actions_t *actions)
{
	for (unsigned i = 0; i < child->count; i++) {
		if (child->files[i] == CHILD_NULL)
			posix_spawn_file_actions_addopen(actions, (int)i, "/dev/null", O_RDWR, 0);
		else if (child->files[i] != CHILD_SAME)
			posix_spawn_file_actions_adddup2(actions, child->files[i], (int)i);
	}
}

int child_start(const struct child *child, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int status;

	posix_spawnattr_init(&attributes);
	set_attributes(child, &attributes);
	posix_spawn_file_actions_init(&actions);
	add_files(child, &actions);
	status = posix_spawn(ret_pid, child->program, &actions, &attributes, child->arguments, child->environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -status;
}

/* Not every C library has the function. */
int child_watch(pid_t pid)
{
	long fd = syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : (int)fd;
}

int child_end(pid_t pid)
{
	int waited = 0;

	/* Killing one that has ended already does not change what it ended by. */
	kill(pid, SIGKILL);
	while (waitpid(pid, &waited, 0) < 0 && errno == EINTR)
		;
	return waited;
}

/* Has it ended by then?  Leaves it to be waited for, so that its number is not given to another one. */
static bool has_ended(pid_t pid, int64_t deadline)
{
	siginfo_t info = {0};

	do {
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid)
			return true;
	} while (deadline_sleep(LOOK, deadline) == 0);
	return false;
}

int child_end_group(pid_t pid, unsigned grace)
{
	kill(-pid, SIGTERM);
	has_ended(pid, deadline_after(grace));
	kill(-pid, SIGKILL);
	return child_end(pid);
}

int child_wait(pid_t pid, int64_t deadline)
{
	int waited = 0;

	do {
		pid_t ended = waitpid(pid, &waited, WNOHANG);

		if (ended != 0 && !(ended < 0 && errno == EINTR))
			return waited;
	} while (deadline_sleep(LOOK, deadline) == 0);
	return child_end(pid);
}
