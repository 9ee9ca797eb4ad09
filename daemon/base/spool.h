/* spool.h - a message on its way from a server: the first bytes in memory, all further ones in a file without a
 * name. */
#ifndef PATCHMAILD_SPOOL_H
#define PATCHMAILD_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SPOOL_MEMORY (1024u * 1024) /* bytes that are kept in memory */

struct spool;

/* The file, if one is needed, is made in $CACHE_DIRECTORY, $TMPDIR or /tmp. */
struct spool *spool_new(void);
void spool_free(struct spool *spool);

/* Take the next piece.  CRLF becomes LF, as everywhere but on the wire (RFC 5322 section 2.1).  False when the file
 * cannot be written: errno. */
bool spool_write(struct spool *spool, const char *bytes, size_t length);

/* The same for bytes that are as they are to be kept. */
bool spool_write_exact(struct spool *spool, const char *bytes, size_t length);

/* Nothing more comes.  As spool_write(). */
bool spool_finish(struct spool *spool);

/* The bytes that are in it. */
uint64_t spool_size(const struct spool *spool);

/* Up to `size` further bytes; 0 at the end, a negative errno.  An ingest_reader: `context` is the spool. */
ssize_t spool_read(void *context, char *buffer, size_t size, int64_t deadline);

/* Read it from its beginning again. */
void spool_rewind(struct spool *spool);

#endif
