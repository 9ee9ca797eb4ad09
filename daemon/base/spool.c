/* spool.c - a message on its way in.
 *
 * Used by imap/intake.c and lmtp/connection.c: a session hands a body over piece by piece, the pipeline reads it,
 * perhaps more than once.
 */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

struct spool {
	GByteArray *memory;
	int fd;           /* -1 until the memory is full */
	uint64_t in_file; /* bytes */
	uint64_t position;
	bool held; /* a CR that may be that of a CRLF */
};

struct spool *spool_new(void)
{
	struct spool *spool = g_new0(struct spool, 1);

	spool->memory = g_byte_array_new();
	spool->fd = -1;
	return spool;
}

void spool_free(struct spool *spool)
{
	if (!spool)
		return;
	g_byte_array_unref(spool->memory);
	if (spool->fd >= 0)
		close(spool->fd);
	g_free(spool);
}

static bool open_file(struct spool *spool)
{
	const char *folder = g_getenv("CACHE_DIRECTORY");
	g_autofree char *path = g_build_filename(folder ? folder : g_get_tmp_dir(), "patchmaild-XXXXXX", NULL);

	/* Not every file system of a container has O_TMPFILE. */
	spool->fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
	return spool->fd >= 0 && unlink(path) == 0;
}

static bool write_file(struct spool *spool, const char *bytes, size_t length)
{
	if (spool->fd < 0 && !open_file(spool))
		return false;
	while (length > 0) {
		ssize_t written = pwrite(spool->fd, bytes, length, (off_t)spool->in_file);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			spool->in_file += (uint64_t)written;
			bytes += written;
			length -= (size_t)written;
		}
	}
	return true;
}

/* Bytes as they are kept. */
static bool append(struct spool *spool, const char *bytes, size_t length)
{
	size_t space = SPOOL_MEMORY - spool->memory->len, here = MIN(space, length);

	g_byte_array_append(spool->memory, (const guint8 *)bytes, (guint)here);
	return here == length || write_file(spool, bytes + here, length - here);
}

bool spool_write(struct spool *spool, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	if (length > 0 && spool->held) {
		spool->held = false;
		if (*bytes != '\n' && !append(spool, "\r", 1))
			return false;
	}
	while (bytes < end) {
		const char *cr = memchr(bytes, '\r', (size_t)(end - bytes));
		bool last = cr && cr + 1 == end, line_end = cr && !last && cr[1] == '\n';

		if (!append(spool, bytes, (size_t)((cr ? cr : end) - bytes)))
			return false;
		if (!cr)
			break;
		spool->held = last;
		if (!last && !line_end && !append(spool, "\r", 1))
			return false;
		bytes = cr + 1;
	}
	return true;
}

bool spool_write_exact(struct spool *spool, const char *bytes, size_t length)
{
	return append(spool, bytes, length);
}

bool spool_finish(struct spool *spool)
{
	bool held = spool->held;

	spool->held = false;
	return !held || append(spool, "\r", 1);
}

uint64_t spool_size(const struct spool *spool)
{
	return spool->memory->len + spool->in_file;
}

ssize_t spool_read(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct spool *spool = context;
	ssize_t got;

	(void)deadline;
	if (spool->position < spool->memory->len) {
		got = (ssize_t)MIN(size, spool->memory->len - spool->position);
		memcpy(buffer, spool->memory->data + spool->position, (size_t)got);
	} else if (spool->fd < 0) {
		return 0;
	} else {
		do
			got = pread(spool->fd, buffer, size, (off_t)(spool->position - spool->memory->len));
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return -errno;
	}
	spool->position += (uint64_t)got;
	return got;
}

void spool_rewind(struct spool *spool)
{
	spool->position = 0;
}
