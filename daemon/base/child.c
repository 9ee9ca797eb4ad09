/* child.c - starts and ends child processes.
 *
 * Used for the parser's workers and for password commands.  Promises that a child gets the descriptors, environment and
 * signals that its caller names, and that no child is left behind as a zombie.
 */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "base/deadline.h"

#define LOOK 1000 /* microseconds between two looks whether a child has ended */

static void set_signals(posix_spawnattr_t *attributes)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
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
	set_signals(&attributes);
	posix_spawn_file_actions_init(&actions);
	add_files(child, &actions);
	status = posix_spawn(ret_pid, child->program, &actions, &attributes, child->arguments, child->environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -status;
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
