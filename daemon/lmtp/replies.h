/* replies.h - the replies of a connection in the order of what they answer, though some come later than others.
 * Pure. */
#ifndef PATCHMAILD_LMTP_REPLIES_H
#define PATCHMAILD_LMTP_REPLIES_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct lmtp_replies {
	GQueue entries; /* of struct lmtp_reply, the oldest first */
	size_t held;    /* bytes that wait for an older reply */
};

/* What is zero has no replies. */
void lmtp_replies_release(struct lmtp_replies *replies);

/* Add lines, each with its CR LF. */
void lmtp_replies_add(struct lmtp_replies *replies, const char *lines);

/* The reply to that mail comes later: all after it waits.  Each number is promised once. */
void lmtp_replies_promise(struct lmtp_replies *replies, uint64_t mail);

/* Here it is; the mail was promised. */
void lmtp_replies_keep(struct lmtp_replies *replies, uint64_t mail, const char *lines);

/* Move what waits for nothing to the end of `out`. */
void lmtp_replies_take(struct lmtp_replies *replies, GString *out);

#endif
