/* descriptors.c - closes what a process was born with.
 *
 * Used by the parser's processes (parser/worker.c).  Promises that nothing from a number up is open afterwards, on old
 * kernels and with C libraries without close_range() too.
 */
#include "base/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Closed one after the other, they take a second or so. */
#define DESCRIPTORS_MOST 1000000

/* Close it if it is one to close.  The folder that is read is closed by its reader; valgrind lists some that it keeps
 * to itself. */
static void close_entry(const char *name, unsigned first, int folder)
{
	char *end;
	long fd = strtol(name, &end, 10);

	if (*end == '\0' && end != name && fd >= (long)first && fd != folder)
		close((int)fd);
}

/* What /proc lists: reading goes on from where it was, whatever is closed meanwhile. */
static int close_listed(unsigned first)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	int status;

	if (!folder)
		return -errno;
	while (errno = 0, entry = readdir(folder))
		close_entry(entry->d_name, first, dirfd(folder));
	status = -errno;
	closedir(folder);
	return status;
}

static int close_counted(unsigned first)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &most) < 0)
		return -errno;
	if (most.rlim_max > DESCRIPTORS_MOST)
		return -E2BIG;
	for (unsigned fd = first; fd < most.rlim_max; fd++)
		close((int)fd);
	return 0;
}

int descriptors_close_each(unsigned first)
{
	return close_listed(first) == 0 ? 0 : close_counted(first);
}

int descriptors_close_from(unsigned first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return 0;
#endif
	return descriptors_close_each(first);
}
