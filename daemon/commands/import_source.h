/* import_source.h - a PATH of an import: the archive that it is, and how far it was read before. */
#ifndef PATCHMAILD_IMPORT_SOURCE_H
#define PATCHMAILD_IMPORT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "archive/archive.h"
#include "database/store.h"

struct import_source {
	const char *path; /* as it was given, the caller's */
	struct mail_archive *archive;
	uint64_t size;     /* mail_archive_size() */
	char *name;        /* by which the database knows how far it was read */
	GHashTable *marks; /* archive_mark.h; NULL: it is read from its beginning */
};

/* See what the path is.  0, or as mail_archive_open(). */
int import_source_open(const char *path, struct import_source **ret_source, char **ret_reason);
void import_source_free(struct import_source *source);

/* Ask the database how far it was read; `again` forgets that.  Another list id or date, and other projects, make it
 * another archive: what was ignored then may be wanted now.  `list_id` and `since` may be NULL; `projects` is
 * patchmail.projects_digest().  0, or -EAGAIN and a reason in words, one line (the caller frees it). */
int import_source_resume(struct import_source *source, struct store *store, const char *list_id, const char *since,
                         const char *projects, bool again, int64_t deadline, char **ret_reason);

/* Was it read in part, or as a whole? */
bool import_source_goes_on(const struct import_source *source);

/* The mark of a place, or NULL. */
const char *import_source_mark(const struct import_source *source, const char *place);

#endif
