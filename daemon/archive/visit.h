/* visit.h - what the readers of all formats share: giving a mail to the visitor. */
#ifndef PATCHMAILD_VISIT_H
#define PATCHMAILD_VISIT_H

#include "archive/visitor.h"

/* A mail up to this size is read whole before it is given, so that one that breaks off in the middle is not. */
#define VISIT_WHOLE (34u * 1024 * 1024)

struct visit {
	const struct mail_archive_visitor *visitor;
	char *bytes; /* of the mail that is given */
	size_t space;
};

void visit_release(struct visit *visit);

/* Read a mail to its end, or as far as VISIT_WHOLE: *ret_length is what was read.  1 if that is all of it, 0 if not, or
 * a negative errno. */
int visit_gather(struct visit *visit, ingest_reader *read, void *context, size_t *ret_length);

/* Give it: what was gathered, and what else there is to read; `read` is NULL if that is all.  The reader of `mail` is
 * filled in. */
void visit_give(struct visit *visit, size_t length, ingest_reader *read, void *context,
                const struct mail_archive_mail *mail);

bool visit_stopped(const struct visit *visit);
const char *visit_mark(const struct visit *visit, const char *place);

/* The path is escaped by whoever prints it.  The reason is freed. */
void visit_unreadable(const struct visit *visit, const char *path, char *reason);
void visit_anew(const struct visit *visit, const char *place, const char *reason);

#endif
