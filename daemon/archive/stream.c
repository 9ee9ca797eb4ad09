/* stream.c - reads files, uncompressed.
 *
 * Used by the readers of files and tars.  Promises bounded memory, and that a zip bomb ends in an error.
 */
#include "archive/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "archive/uncompress.h"

struct stream {
	ingest_reader *read;
	void *context;
	int fd;                        /* ours, or -1 */
	struct uncompress *uncompress; /* NULL: it is not compressed */
	const char *compression;
	char *problem;
	int failure;    /* a negative errno: it cannot be read any further */
	uint64_t taken; /* bytes of the file */
	uint64_t made;  /* uncompressed bytes */
	bool file_ended;
	bool end_of_file;     /* of what is read, uncompressed */
	size_t begin, end;    /* what is looked at and not taken */
	char look[KIND_LOOK]; /* of the file, later of what is in there */
	size_t raw_begin, raw_end;
	char raw[KIND_LOOK]; /* compressed bytes that were looked at */
};

struct stream *stream_new(ingest_reader *read, void *context, int own_fd)
{
	struct stream *stream = g_new(struct stream, 1);

	memset(stream, 0, offsetof(struct stream, look));
	stream->raw_begin = stream->raw_end = 0;
	stream->fd = own_fd;
	stream->read = read;
	stream->context = context;
	return stream;
}

void stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	uncompress_close(stream->uncompress);
	if (stream->fd >= 0)
		close(stream->fd);
	g_free(stream->problem);
	g_free(stream);
}

/* Takes the reason. */
static int fail(struct stream *stream, int failure, char *reason)
{
	g_free(stream->problem);
	stream->problem = reason ? reason : g_strdup(g_strerror(-failure));
	stream->failure = failure;
	return failure;
}

/* Of the file itself. */
static ssize_t read_file(struct stream *stream, char *buffer, size_t size)
{
	ssize_t got;

	if (stream->file_ended)
		return 0;
	if (stream->fd < 0) {
		got = stream->read(stream->context, buffer, size, INT64_MAX);
	} else {
		do
			got = read(stream->fd, buffer, size);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			got = -errno;
	}
	stream->file_ended = got == 0;
	if (got > 0)
		stream->taken += (uint64_t)got;
	return got;
}

/* What is uncompressed: those bytes first that were looked at. */
static ssize_t read_raw(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct stream *stream = context;
	size_t there = MIN(size, stream->raw_end - stream->raw_begin);

	(void)deadline;
	if (there == 0)
		return read_file(stream, buffer, size);
	memcpy(buffer, stream->raw + stream->raw_begin, there);
	stream->raw_begin += there;
	return (ssize_t)there;
}

static ssize_t read_on(struct stream *stream, char *buffer, size_t size)
{
	char *reason = NULL;
	ssize_t got;

	if (stream->failure < 0 || stream->end_of_file)
		return stream->failure;
	got = stream->uncompress ? uncompress_read(stream->uncompress, buffer, size, &reason)
	                         : read_file(stream, buffer, size);
	if (got < 0)
		return fail(stream, (int)got, reason);
	stream->end_of_file = got == 0;
	stream->made += (uint64_t)got;
	if (stream->uncompress && stream->made > STREAM_RATIO_FREE + STREAM_RATIO_MAX * stream->taken)
		return fail(stream, -EFBIG,
		            g_strdup_printf("becomes more than %d times as large when it is uncompressed",
		                            STREAM_RATIO_MAX));
	return got;
}

ssize_t stream_look(struct stream *stream, const char **ret_bytes)
{
	if (stream->begin > 0) {
		memmove(stream->look, stream->look + stream->begin, stream->end - stream->begin);
		stream->end -= stream->begin;
		stream->begin = 0;
	}
	while (stream->end < KIND_LOOK && !stream->end_of_file) {
		ssize_t got = read_on(stream, stream->look + stream->end, KIND_LOOK - stream->end);

		if (got < 0)
			return got;
		stream->end += (size_t)got;
	}
	*ret_bytes = stream->look;
	return (ssize_t)stream->end;
}

ssize_t stream_read(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct stream *stream = context;
	size_t there = MIN(size, stream->end - stream->begin);

	(void)deadline;
	if (there == 0)
		return read_on(stream, buffer, size);
	memcpy(buffer, stream->look + stream->begin, there);
	stream->begin += there;
	return (ssize_t)there;
}

static int look_for_kind(struct stream *stream)
{
	const char *bytes;
	ssize_t length = stream_look(stream, &bytes);

	return length < 0 ? (int)length : (int)kind_of(bytes, (size_t)length, length < KIND_LOOK);
}

/* What was looked at is compressed: look into it. */
static int begin_uncompress(struct stream *stream, enum kind kind)
{
	char *reason = NULL;
	int status;

	memcpy(stream->raw, stream->look, stream->end);
	stream->raw_end = stream->end;
	stream->end = 0;
	stream->end_of_file = false;
	status = uncompress_open(kind, read_raw, stream, &stream->uncompress, &reason);
	stream->made = 0;
	return status < 0 ? fail(stream, status, reason) : 0;
}

int stream_kind(struct stream *stream, const char **ret_compression)
{
	int kind = look_for_kind(stream);

	if (kind >= 0 && !stream->uncompress && kind_compression((enum kind)kind)) {
		stream->compression = kind_compression((enum kind)kind);
		kind = begin_uncompress(stream, (enum kind)kind);
		kind = kind < 0 ? kind : look_for_kind(stream);
	}
	*ret_compression = stream->compression;
	return kind;
}

const char *stream_problem(const struct stream *stream)
{
	return stream->problem;
}

uint64_t stream_taken(const struct stream *stream)
{
	return stream->taken;
}
