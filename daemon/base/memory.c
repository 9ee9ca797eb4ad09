/* memory.c - how a process ends that gets no more memory, and how little of it others allow.
 *
 * Used by the programs' main() and by both ends of the parser.  GLib ends a process by SIGTRAP if malloc(3) fails it;
 * that says nothing to an MTA, and nothing of the reason.  Promises that nothing is allocated on the way out.
 */
#include "base/memory.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib.h>

static int end_status, end_fd;
static const char *end_line;

/* Not a line of it goes to a log: there is no memory for that. */
static void take_message(const char *domain, GLogLevelFlags level, const char *message, void *context)
{
	/* GLib's words, and no words if there is no memory for them either. */
	if ((level & G_LOG_LEVEL_ERROR) && (message == NULL || strstr(message, "alloc") != NULL)) {
		ssize_t written = end_line == NULL ? 0 : write(end_fd, end_line, strlen(end_line));

		(void)written;
		_exit(end_status);
	}
	g_log_default_handler(domain, level, message, context);
}

void memory_end_with(int status, int fd, const char *line)
{
	end_status = status;
	end_fd = fd;
	end_line = line;
	g_log_set_default_handler(take_message, NULL);
}

static uint64_t hard_limit(memory_resource resource)
{
	struct rlimit both;

	return getrlimit(resource, &both) < 0 || both.rlim_max == RLIM_INFINITY ? UINT64_MAX : both.rlim_max;
}

uint64_t memory_allowed(void)
{
	return MIN(hard_limit(RLIMIT_AS), hard_limit(RLIMIT_DATA));
}
