/* archive_mark.h - how far an archive of mail has been read, place by place.
 *
 * A mark moves in the transaction that stores the mail that has it (source.h), and never past a mail that is not
 * stored: ingest/ gives mails with marks to the database in their order.
 */
#ifndef PATCHMAILD_ARCHIVE_MARK_H
#define PATCHMAILD_ARCHIVE_MARK_H

#include <stdint.h>

#include <glib.h>

#include "database/store.h"

/* The marks of an archive, none if it is new: SELECT patchmail.archive_marks().  0 (the caller destroys them), or
 * -EAGAIN and a reason in words, one line (the caller frees it). */
int archive_marks(struct store *store, const char *archive_name, int64_t deadline, GHashTable **ret_marks,
                  char **ret_reason);

/* The mark of a place, or NULL.  It is that of the last call of archive_marks() or archive_marks_set(), whose it is. */
const char *archive_marks_find(GHashTable *marks, const char *place);

/* Remember another one. */
void archive_marks_set(GHashTable *marks, const char *place, const char *mark);

/* All up to the mark that `source` has is stored, or there is nothing to store: SELECT patchmail.move_mark().  0, or
 * -EAGAIN and a reason. */
int archive_mark_move(struct store *store, const struct store_source *source, int64_t deadline, char **ret_reason);

#endif
