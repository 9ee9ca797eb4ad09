/* tar_members.h - the members of a tar, one after the other, and a digest of all that was read. */
#ifndef PATCHMAILD_TAR_MEMBERS_H
#define PATCHMAILD_TAR_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/stream.h"

#define TAR_DIGEST 64 /* hexadecimal digits */

enum tar_type { TAR_FILE, TAR_FOLDER, TAR_LINK, TAR_OTHER };

struct tar;

/* Reads a stream, which stays the caller's. */
struct tar *tar_open(struct stream *stream);
void tar_close(struct tar *tar);

/* Go to the next member; what is unread of the last one is skipped.  1, with its type and its name without "./" before
 * it (valid until the next call); 0 at the end; or a negative errno, with a reason. */
int tar_next(struct tar *tar, enum tar_type *ret_type, const char **ret_name, char **ret_reason);

/* An ingest_reader of the member. */
ssize_t tar_read(void *context, char *buffer, size_t size, int64_t deadline);

/* Read what is unread of it: 0 or a negative errno. */
int tar_finish(struct tar *tar);

/* Why it cannot be read. */
const char *tar_problem(const struct tar *tar);

/* The digest of the names and contents so far, SHA-256 as text. */
void tar_digest(const struct tar *tar, char ret_digest[TAR_DIGEST + 1]);

#endif
