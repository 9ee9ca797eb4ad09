/* blobs.h - the bytes of a git repository's blobs, one after the other, by one git cat-file. */
#ifndef PATCHMAILD_BLOBS_H
#define PATCHMAILD_BLOBS_H

#include <stdint.h>
#include <sys/types.h>

struct blobs;

/* 0 or a negative errno, with a reason. */
int blobs_open(const char *git_dir, struct blobs **ret_blobs, char **ret_reason);
void blobs_close(struct blobs *blobs);

/* Go to this one; what is unread of another is skipped.  Its size, or a negative errno, with a reason: -ENOENT if the
 * repository does not have it. */
int64_t blobs_find(struct blobs *blobs, const char *id, char **ret_reason);

/* An ingest_reader of the one that was found. */
ssize_t blobs_read(void *context, char *buffer, size_t size, int64_t deadline);

#endif
