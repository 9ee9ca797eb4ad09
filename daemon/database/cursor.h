/* cursor.h - how far the mail of an IMAP account has been taken, as the database knows it.
 *
 * The cursor itself moves in the transaction that stores a mail: patchmail.store(), by the source that it is given.
 */
#ifndef PATCHMAILD_CURSOR_H
#define PATCHMAILD_CURSOR_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "database/store.h"

/* A mail that was deferred, and stays behind the cursor. */
struct cursor_deferred {
	uint32_t uid;
	unsigned attempts;
	char *reason;
	bool alone; /* the server did not hand it over, or a process ended over it: to be asked for last, and alone */
};

struct cursor {
	uint32_t uidvalidity; /* by which its mails are known, if the server does not say */
	uint32_t last_uid;    /* the highest that has been taken or is deferred */
	uint32_t first;       /* where to look for new mail: some appears late, below the highest; 0: there is none */
	char *renewed;        /* why it begins anew, or NULL */
	bool moved;           /* the server is another one than last time: does it have other mail? */
	uint32_t witness_uid; /* a mail that tells whether UIDs have begun anew, or 0 ... */
	char *witness;        /* ... and what it was known by */
	GArray *deferred;     /* of struct cursor_deferred: those whose time has come to be tried again */
	unsigned later;       /* how many others there are */
	GArray *unsettled; /* of uint32_t: taken, but what is to be done with them after that is not known to be done */
};

/* All of these: 0, or -EAGAIN and a reason in words, one line (the caller frees it).  `source` has account, holder,
 * mailbox and uidvalidity, and uid if the call is about one mail. */

/* Where a mailbox stands; made if it is new, begun anew if its UIDVALIDITY has changed or `restarted` says so.  The
 * caller releases it.  Fails also if the schema is another one now than this program needs. */
int cursor_open(struct store *store, const struct store_source *source, int64_t deadline, struct cursor *ret_cursor,
                char **ret_reason);
void cursor_release(struct cursor *cursor);

/* Which of these UIDs (of uint32_t) have not been taken, in order; the caller frees them. */
int cursor_new_uids(struct store *store, const struct store_source *source, const GArray *uids, int64_t deadline,
                    GArray **ret_uids, char **ret_reason);

/* By what a mail that is there is known, for the cursor that is opened next. */
int cursor_note_witness(struct store *store, const struct store_source *source, const char *witness, int64_t deadline,
                        char **ret_reason);

/* These mails are about to be asked for: the cursor goes past them, and until one is taken, deferred or forgotten it is
 * known that it is to come. */
int cursor_expect(struct store *store, const struct store_source *source, const uint32_t *uids, unsigned count,
                  int64_t deadline, char **ret_reason);

/* A mail is deferred because of `why`: the cursor goes past it, and it is tried again later.  *ret_attempts: how often
 * that has been in vain. */
int cursor_defer(struct store *store, const struct store_source *source, const char *why, int64_t deadline,
                 unsigned *ret_attempts, char **ret_reason);

/* A mail that was deferred is gone from the mailbox. */
int cursor_forget(struct store *store, const struct store_source *source, int64_t deadline, char **ret_reason);

/* What was to be done with these mails after they were taken is done. */
int cursor_settle(struct store *store, const struct store_source *source, const uint32_t *uids, unsigned count,
                  int64_t deadline, char **ret_reason);

#endif
