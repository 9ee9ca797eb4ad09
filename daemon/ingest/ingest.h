/* ingest.h - the pipeline: bytes of one message in, its outcome out. */
#ifndef PATCHMAILD_INGEST_H
#define PATCHMAILD_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/outcome.h"
#include "database/store.h"
#include "parser/process.h"
#include "settings/configuration.h"

#define INGEST_PIECE (1024u * 1024) /* bytes that are read, and stored of an oversized message, at a time */

struct ingest {
	struct config config;
	struct parser_process *parser;
	struct store *store;
	bool single; /* one message and no more: its parser may end as soon as it is parsed */
};

/* How a transport hands over one message: up to `size` further bytes of it, 0 at its end, a negative errno where it
 * cannot be read (-ETIMEDOUT when the deadline has passed).  After 0 it is not called again. */
typedef ssize_t ingest_reader(void *context, char *buffer, size_t size, int64_t deadline);

/* Read the configuration (`config_path` may be NULL), begin to connect, start the parser process.  0, or a
 * negative errno and a reason in words (the caller frees it); ingest_release() is fine, and needed, in both cases. */
int ingest_init(struct ingest *ingest, const char *config_path, char **ret_reason);
void ingest_release(struct ingest *ingest);

/* Take one message all the way.  `size` is the number of its bytes, 0 where that is not known.  With a list id in `source`
 * it is the mail of that list, whatever its header says.  `ret_outcome` is always set; the caller releases it.  Whatever is
 * not "deferred" is committed in the database.  A message over max_message_size is quarantined piece by piece, in bounded
 * memory. */
void ingest_message(struct ingest *ingest, ingest_reader *read, void *context, uint64_t size,
                    const struct store_source *source, int64_t deadline, struct outcome *ret_outcome);

/* An ingest_reader of a file: `context` points to its descriptor (an int). */
ssize_t ingest_read_file(void *context, char *buffer, size_t size, int64_t deadline);

/* Read a message as far as `most` bytes into *ret_bytes (the caller frees it).  0, or a negative errno.  It may be longer when
 * *ret_length is `most`. */
int ingest_read(ingest_reader *read, void *context, size_t most, int64_t deadline, char **ret_bytes,
                size_t *ret_length);

#endif
