/* archive_settings.h - the settings of one archive that is followed: [archive NAME] of a key file.
 *
 * patchmaild.conf(5) describes the keys.
 */
#ifndef PATCHMAILD_ARCHIVE_SETTINGS_H
#define PATCHMAILD_ARCHIVE_SETTINGS_H

#include <stdbool.h>
#include <glib.h>

#include "base/key_file.h"

#define ARCHIVE_INTERVAL 300  /* seconds between two runs of the command, or two looks */
#define ARCHIVE_COMMAND 3600  /* seconds that the command may take */
#define ARCHIVE_SECONDS 86400 /* the most of both */
#define ARCHIVE_NAME_MAX 200  /* bytes of a name: with a place it is a key of a table */

struct archive_settings {
	char *name;
	char *path;        /* absolute; where the archive is, or will be */
	char *list_id;     /* the list that its mail came by; NULL: what the headers say */
	GStrv command;     /* what brings more mail there: an absolute path and arguments; NULL: somebody else does */
	unsigned interval; /* seconds */
	unsigned command_timeout; /* seconds */
};

/* Is it a group that is read here? */
bool archive_settings_has_group(const char *group);

/* Check all such groups of a key file.  False, and what is wrong. */
bool archive_settings_check(const struct key_file *file, struct key_file_fault *ret_fault);

/* Read one (the caller frees it).  NULL, and what is wrong. */
struct archive_settings *archive_settings_read(const struct key_file *file, const char *name,
                                               struct key_file_fault *ret_fault);
void archive_settings_free(struct archive_settings *settings);

#endif
