/* uncompress.h - uncompresses a stream of bytes: gzip (RFC 1952), xz, zstd (RFC 8878), bzip2. */
#ifndef PATCHMAILD_UNCOMPRESS_H
#define PATCHMAILD_UNCOMPRESS_H

#include "archive/kind.h"
#include "ingest/read.h"

struct uncompress;

/* Uncompresses what `read` gives; several compressed streams may follow each other.  0 or a negative errno, with a
 * reason. */
int uncompress_open(enum kind kind, ingest_reader *read, void *context, struct uncompress **ret_uncompress,
                    char **ret_reason);
void uncompress_close(struct uncompress *uncompress);

/* Up to `size` bytes, 0 at the end; a negative errno, with a reason, if it breaks off, is damaged or is followed by
 * something else. */
ssize_t uncompress_read(struct uncompress *uncompress, char *buffer, size_t size, char **ret_reason);

#endif
