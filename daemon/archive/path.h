/* path.h - the mails of a path: an mbox file, a Maildir (new and cur), or a folder with one mail a file. */
#ifndef PATCHMAILD_PATH_H
#define PATCHMAILD_PATH_H

#include <stdbool.h>

#include "ingest/read.h"

struct path_visitor {
	void *context;
	/* One mail, to be read by `read`; `position` is "FILE:OFFSET" in an mbox, else the file. */
	void (*mail)(void *context, ingest_reader *read, void *read_context, const char *position);
	/* A file or folder that cannot be read; `failure` is a negative errno.  The others are visited all the same. */
	void (*unreadable)(void *context, const char *path, int failure);
	/* Is no further mail wanted? */
	bool (*stopped)(const void *context);
};

/* Visit each mail of `path`, in the order of the file, or of the files' names. */
void path_visit(const char *path, const struct path_visitor *visitor);

#endif
