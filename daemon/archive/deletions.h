/* deletions.h - mails that an archive deleted, and where: a table that is filled first, and asked then. */
#ifndef PATCHMAILD_DELETIONS_H
#define PATCHMAILD_DELETIONS_H

#include <stdbool.h>
#include <stdint.h>

#define DELETIONS_KEY 20 /* bytes that name a mail */

struct deletions;

/* So many deleted mails are remembered: 64 MiB of them. */
#define DELETIONS_MAX (2u * 1024 * 1024)

struct deletions *deletions_new(void);
void deletions_free(struct deletions *deletions);

/* `place` grows with the order of commits.  False if there are too many. */
bool deletions_add(struct deletions *deletions, const uint8_t key[DELETIONS_KEY], uint64_t place);

/* Is a mail of `place` deleted by a commit after it? */
bool deletions_has(struct deletions *deletions, const uint8_t key[DELETIONS_KEY], uint64_t place);

#endif
