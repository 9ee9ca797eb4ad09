/* trace.c - the conversation with an IMAP server, written to a file.
 *
 * Called by stream.c.  Promises: no line is mixed with one of another connection that writes to the same file, and each
 * of both files stays under IMAP_TRACE_MOST and a line.
 */
#include "imap/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

struct imap_trace {
	char *path;
	int fd;
};

/* A descriptor, or a negative errno.  A pipe that nobody reads would hold up the mail. */
static int open_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	struct stat status;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && fchmod(fd, 0600) == 0)
		return fd;
	close(fd);
	return -EPERM;
}

int imap_trace_open(const char *path, struct imap_trace **ret_trace, char **ret_reason)
{
	int fd = open_file(path);

	if (fd < 0) {
		*ret_reason = fd == -EPERM ? g_strdup_printf("trace: %s has to be a file of our own", path)
		                           : g_strdup_printf("trace: %s: %s", path, g_strerror(-fd));
		return -EAGAIN;
	}
	*ret_trace = g_new0(struct imap_trace, 1);
	(*ret_trace)->path = g_strdup(path);
	(*ret_trace)->fd = fd;
	return 0;
}

void imap_trace_free(struct imap_trace *trace)
{
	if (!trace)
		return;
	if (trace->fd >= 0)
		close(trace->fd);
	g_free(trace->path);
	g_free(trace);
}

/* Begin anew, unless another connection has done so already. */
static void rotate(struct imap_trace *trace)
{
	g_autofree char *old = g_strconcat(trace->path, ".old", NULL);
	struct stat ours, there;

	if (fstat(trace->fd, &ours) < 0 || ours.st_size < IMAP_TRACE_MOST)
		return;
	if (stat(trace->path, &there) == 0 && there.st_ino == ours.st_ino && there.st_dev == ours.st_dev &&
	    rename(trace->path, old) < 0) {
		/* In a folder that is not ours the file cannot be put aside. */
		(void)!ftruncate(trace->fd, 0);
		return;
	}
	close(trace->fd);
	trace->fd = open_file(trace->path);
}

void imap_trace_write(struct imap_trace *trace, const char *who, const char *text)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *time = g_date_time_format(now, "%Y-%m-%d %H:%M:%S");
	g_autofree char *line =
		g_strdup_printf("%s.%03dZ %s %s\n", time, g_date_time_get_microsecond(now) / 1000, who, text);

	if (trace->fd < 0)
		return;
	(void)!write(trace->fd, line, strlen(line));
	rotate(trace);
}
