/* child.h - child processes: start one with what it is to have and nothing else, and end it. */
#ifndef PATCHMAILD_CHILD_H
#define PATCHMAILD_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILD_NULL (-1) /* /dev/null stands there */
#define CHILD_SAME (-2) /* the child has our descriptor of that number */

struct child {
	const char *program;      /* the file to run */
	char *const *arguments;   /* its own name first, NULL last */
	char *const *environment; /* NULL last */
	const int *files;         /* the child's descriptors 0, 1...: one of ours, CHILD_NULL or CHILD_SAME */
	unsigned count;           /* how many; one of ours that is below this number stands in its own place */
	bool group;               /* it leads a process group of its own */
};

/* Start it; it begins with default signals and none blocked.  Other descriptors are closed if they are O_CLOEXEC, as
 * all of ours are.  0 or a negative errno. */
int child_start(const struct child *child, pid_t *ret_pid);

/* A descriptor that can be read from once it has ended (pidfd_open(2)), closed on exec, or a negative errno. */
int child_watch(pid_t pid);

/* Kill it if it still runs, and wait for it: its wait status. */
int child_end(pid_t pid);

/* End one that leads a group, and whatever runs in that group: SIGTERM, so many seconds for it to obey, SIGKILL.  Its
 * wait status. */
int child_end_group(pid_t pid, unsigned grace);

/* Wait until it has ended by itself; after the deadline the same as child_end(). */
int child_wait(pid_t pid, int64_t deadline);

#endif
