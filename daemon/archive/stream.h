/* stream.h - the bytes of a file, one after the other: uncompressed, and looked at before they are taken.
 *
 * Each function that fails leaves the reason in stream_problem().
 */
#ifndef PATCHMAILD_STREAM_H
#define PATCHMAILD_STREAM_H

#include <stdint.h>
#include <sys/types.h>

#include "archive/kind.h"
#include "ingest/read.h"

/* What is compressed may become so many times as large, and this many bytes more.  Mail shrinks to a third, or a
 * twentieth; a zip bomb to a thousandth. */
#define STREAM_RATIO_MAX 250
#define STREAM_RATIO_FREE (8u * 1024 * 1024)

struct stream;

/* The bytes that `read` gives.  With `own_fd` not negative, `context` is not used: they are those of this descriptor,
 * which is closed with the stream. */
struct stream *stream_new(ingest_reader *read, void *context, int own_fd);
void stream_free(struct stream *stream);

/* See what it is: if it is compressed, uncompress it, and say in *ret_compression by what (a constant; NULL: it is
 * not). What is in there is not uncompressed again.  A kind, or a negative errno. */
int stream_kind(struct stream *stream, const char **ret_compression);

/* Up to KIND_LOOK bytes that come, without taking them; it stays valid until they are taken.  All there are if fewer
 * than that; or a negative errno. */
ssize_t stream_look(struct stream *stream, const char **ret_bytes);

/* An ingest_reader of a stream. */
ssize_t stream_read(void *context, char *buffer, size_t size, int64_t deadline);

/* Why it failed; NULL: it did not.  It belongs to the stream. */
const char *stream_problem(const struct stream *stream);

/* Bytes that were read of the file, compressed as they are. */
uint64_t stream_taken(const struct stream *stream);

#endif
