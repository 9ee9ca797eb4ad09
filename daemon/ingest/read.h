/* read.h - how a transport hands over the bytes of a message. */
#ifndef PATCHMAILD_INGEST_READ_H
#define PATCHMAILD_INGEST_READ_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define INGEST_PIECE (1024u * 1024) /* bytes that are read, and stored of an oversized message, at a time */

/* How a transport hands over one message: up to `size` further bytes of it, 0 at its end, a negative errno where it
 * cannot be read (-ETIMEDOUT when the deadline has passed).  After 0 it is not called again. */
typedef ssize_t ingest_reader(void *context, char *buffer, size_t size, int64_t deadline);

/* An ingest_reader of a file: `context` points to its descriptor (an int). */
ssize_t ingest_read_file(void *context, char *buffer, size_t size, int64_t deadline);

/* Read a message as far as `most` bytes into *ret_bytes (the caller frees it).  0, or a negative errno.  It may be
 * longer when *ret_length is `most`. */
int ingest_read(ingest_reader *read, void *context, size_t most, int64_t deadline, char **ret_bytes,
                size_t *ret_length);

#endif
