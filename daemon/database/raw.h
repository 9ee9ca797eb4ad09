/* raw.h - the bytes of stored mail that the database keeps, and what becomes of it when it is read again.
 *
 * All of these: 0 or more; or a reason in words, one line (the caller frees it), and
 *   -EAGAIN   it may work later
 *   -EACCES   whoever is connected may not do this
 *   -EINVAL   what was asked for is wrong, such as a project that there is not
 */
#ifndef PATCHMAILD_RAW_H
#define PATCHMAILD_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "database/store.h"

/* Which mail is asked for; NULLs: all. */
struct raw_choice {
	const char *project; /* a linkname */
	const char *since;   /* a date as PostgreSQL reads it */
};

struct raw_mail {
	int64_t id;
	char *source;  /* a JSON object: what raw_reparse() wants to know of it */
	char *list_id; /* of that; NULL if it says nothing */
	char *msgid;
	char *bytes; /* NULL if they are more than was asked for */
	size_t length;
};
void raw_mail_release(struct raw_mail *mail);

/* The next mail whose bytes are kept, after the one of that id: SELECT patchmail.next_raw().  1 and the mail (to be
 * released by the caller), 0 if there is none. */
int raw_next(struct store *store, const struct raw_choice *choice, int64_t after, size_t most, int64_t deadline,
             struct raw_mail *ret_mail, char **ret_reason);

/* A value that differs; each text may be NULL. */
struct raw_difference {
	const char *msgid, *what, *before, *after;
};
typedef void raw_told(void *context, const struct raw_difference *difference);

#define RAW_LEFT_ALONE "left alone" /* `what`, if nothing is done; `after` says why */

/* Apply what was read now of a mail, or with `dry_run` only say what would be: SELECT patchmail.reparse().  `source` is
 * that of raw_mail, NULL for one that is not from there.  `told` gets each value that differs.  Deadlocks and the like
 * are tried again.  -EBADMSG if no database can hold these facts. */
int raw_reparse(struct store *store, const struct raw_choice *choice, const char *facts, const char *source,
                bool dry_run, int64_t deadline, raw_told *told, void *context, char **ret_reason);

#endif
