/* visitor.h - what a visit of an archive gives: its mails, with marks to go on at later. */
#ifndef PATCHMAILD_VISITOR_H
#define PATCHMAILD_VISITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "ingest/read.h"

/* A mail.  What it points to is valid during the call. */
struct mail_archive_mail {
	const char *position; /* for people: FILE:OFFSET, a file, REPOSITORY:COMMIT */
	const char *place;    /* what the mark is of: an absolute path, however the archive was named; "-" */
	const char *mark;     /* opaque: a visit after it goes on with the next mail; NULL: the
	                       * one that the place had stays */
	uint64_t done;        /* how much of mail_archive_size() there is before this mail */
	bool removed;         /* the archive deleted it later: there is nothing to read, but the mark may be kept */
	bool passed;          /* there is no mail (`removed` too): the place has nothing more up to this mark */
	ingest_reader *read;  /* to be used before mail() returns; what is not read is skipped */
	void *context;        /* of `read` */
};

struct mail_archive_visitor {
	void *context;
	/* The mark of the last mail of this place that a visit took, or NULL: all mails are wanted.  Valid until the
	 * next call. */
	const char *(*mark)(void *context, const char *place);
	void (*mail)(void *context, const struct mail_archive_mail *mail);
	/* A part that cannot be read to its end, and why; the others are visited all the same. */
	void (*unreadable)(void *context, const char *path, const char *reason);
	/* The mark does not fit the place any more (its history was rewritten, the file is another one): it is read
	 * from its beginning. */
	void (*anew)(void *context, const char *place, const char *reason);
	/* Is no further mail wanted? */
	bool (*stopped)(const void *context);
};

#endif
