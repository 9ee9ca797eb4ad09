/* file_names.h - the names of the files that a diff changes. */
#ifndef PATCHMAILD_FILE_NAMES_H
#define PATCHMAILD_FILE_NAMES_H

#include <glib.h>

/* The files that a diff changes, each once, in order: the names after "--- " and "+++ " with their first component
 * taken off, "" for one without a directory; of a file without these lines those of "rename from", "rename to" and
 * "copy to", else those of "diff --git".  What git quotes is unquoted, in UTF-8.  The source of a copy and /dev/null
 * are left out.  A GPtrArray of char * that the caller unrefs. */
GPtrArray *file_names_of_diff(const char *diff);

#endif
