/* look.h - where new mail of a mailbox is looked for, whatever the server says of UIDVALIDITY, UIDNEXT and EXISTS:
 * those are hints, and no reason not to look. */
#ifndef PATCHMAILD_IMAP_LOOK_H
#define PATCHMAILD_IMAP_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "database/cursor.h"
#include "imap/session.h"

#define IMAP_LOOK_ALL 3600 /* seconds after which all UIDs of a mailbox are looked at again */

/* What the service remembers of a mailbox from one visit to the next. */
struct imap_place {
	bool opened;        /* the server opened it the last time, */
	unsigned renewals;  /* and so many times in a row it had to be read anew: */
	int64_t not_before; /* it is not opened again before this */
	int64_t looked;     /* when all of its UIDs were looked at, 0: not over this connection */
	uint32_t exists;    /* mails in it after the last visit */
	bool false_uidnext; /* the server's UIDNEXT has proved wrong */
	bool no_witness;    /* the server breaks off where it is asked for one */
};

/* What the next connection has to find out anew. */
void imap_place_forget_connection(struct imap_place *place);

/* Are all of its UIDs to be looked at, not only those near the cursor and after it? */
bool imap_look_at_all(const struct imap_place *place, const struct imap_mailbox *state, const struct cursor *cursor);

/* Is there a mail with this UID or a higher one?  1, 0, or -EAGAIN and a reason in words (the caller frees it). */
int imap_look_for_any(struct imap_session *session, uint32_t uid, char **ret_reason);

/* Have its UIDs begun anew, or is it another server's?  By the mail that the cursor knows, or because nothing is left
 * at the UIDs after UIDNEXT.  `empties`: the account takes mail out of it, so that nothing follows from what is
 * missing.  1, 0, or -EAGAIN and a reason in words (the caller frees it). */
int imap_look_restarted(struct imap_session *session, struct imap_place *place, const struct imap_mailbox *state,
                        const struct cursor *cursor, bool empties, char **ret_reason);

/* The windows in which all UIDs of a mailbox are searched: each as many as gave about IMAP_SESSION_WINDOW mails, so
 * that neither UIDs with gaps nor those near 2^32 need many. */
struct imap_look_windows {
	uint64_t first, size; /* of the next one */
	uint32_t exists;      /* mails in the mailbox, as far as the server says */
	uint64_t seen;        /* in the windows so far */
};
void imap_look_begin(struct imap_look_windows *windows, uint32_t exists);

/* The next one; false if there is none.  After its search the number of mails that it gave has to be noted. */
bool imap_look_next(const struct imap_look_windows *windows, uint32_t *ret_first, uint32_t *ret_last);
void imap_look_note(struct imap_look_windows *windows, unsigned found);

#endif
