/* public_inbox.h - a public-inbox: one repository, or a folder with one for each epoch (public-inbox-v1-format(5),
 * public-inbox-v2-format(5)).
 *
 * What its deletions took out is not given, wherever they stand; what was purged is not there.  A mark is a commit.
 */
#ifndef PATCHMAILD_PUBLIC_INBOX_H
#define PATCHMAILD_PUBLIC_INBOX_H

#include <stdint.h>

#include "archive/visit.h"

struct public_inbox;

/* Is it one?  1; 0 if there is no repository; -EBADMSG if there is one of something else, another negative errno if it
 * cannot be read, both with a reason that names it. */
int public_inbox_open(const char *path, struct public_inbox **ret_inbox, char **ret_reason);
void public_inbox_free(struct public_inbox *inbox);

/* "public-inbox v2, 3 epochs"; the caller frees it. */
char *public_inbox_kind(const struct public_inbox *inbox);

/* The number of its commits; it has git count them. */
uint64_t public_inbox_size(struct public_inbox *inbox);

/* Visit what there is now, epochs that are new since it was opened too. */
void public_inbox_visit(struct public_inbox *inbox, struct visit *visit);

#endif
