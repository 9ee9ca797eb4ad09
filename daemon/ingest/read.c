/* read.c - reads messages into memory.
 *
 * Used by the pipeline and by `parse`.  Promises never to have more of a message in memory than its caller allows.
 */
#include "ingest/read.h"

#include <errno.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"

#define FIRST_SPACE 65536 /* bytes: most mails are smaller */

ssize_t ingest_read_file(void *context, char *buffer, size_t size, int64_t deadline)
{
	int fd = *(const int *)context;

	for (;;) {
		int status = deadline_wait(fd, POLLIN, deadline);
		ssize_t got;

		if (status < 0)
			return status;
		got = read(fd, buffer, size);
		if (got >= 0)
			return got;
		if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
}

int ingest_read(ingest_reader *read, void *context, size_t most, int64_t deadline, char **ret_bytes, size_t *ret_length)
{
	g_autofree char *bytes = NULL;
	size_t length = 0, space = 0;

	while (length < most) {
		ssize_t got;

		if (length == space) {
			size_t wanted = MIN(most, space == 0 ? FIRST_SPACE : 2 * space);
			char *larger = g_try_realloc(bytes, wanted);

			if (larger == NULL)
				return -ENOMEM;
			bytes = larger;
			space = wanted;
		}
		got = read(context, bytes + length, MIN(space - length, INGEST_PIECE), deadline);
		if (got < 0)
			return (int)got;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	/* It may be kept for a while. */
	if (length > 0 && length < space / 2)
		bytes = g_realloc(bytes, length);
	*ret_bytes = g_steal_pointer(&bytes);
	*ret_length = length;
	return 0;
}
