/* list.h - asks an IMAP server which mailboxes there are (LIST, RFC 3501 section 6.3.8). */
#ifndef PATCHMAILD_IMAP_LIST_H
#define PATCHMAILD_IMAP_LIST_H

#include <glib.h>

#include "imap/session.h"

#define IMAP_LIST_ANSWER (4u * 1024 * 1024) /* bytes of the answer */
#define IMAP_LIST_MOST 5000u                /* mailboxes that one pattern may stand for */
#define IMAP_LIST_NAME 1000u                /* bytes of a name in UTF-8 */

struct imap_listing {
	GPtrArray *names; /* in UTF-8, each once; numbers in names count as numbers, the highest comes first */
	unsigned odd;     /* names that are left out: too long, no text, or not what was asked for */
	unsigned over;    /* names that are left out since there are so many */
};

/* The mailboxes that match a pattern (in UTF-8) and can be opened; imap_session_select() opens them by these names.
 * 0; -EPERM if the server refuses; -EAGAIN. */
int imap_list(struct imap_session *session, const char *pattern, struct imap_listing *ret_listing, char **ret_reason);
void imap_listing_release(struct imap_listing *listing);

#endif
