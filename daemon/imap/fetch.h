/* fetch.h - the bytes of mails of the mailbox that is open: of one, or of many by one command. */
#ifndef PATCHMAILD_IMAP_FETCH_H
#define PATCHMAILD_IMAP_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/session.h"

#define IMAP_FETCH_TIMES 10                 /* times the seconds of another command, for the body of one mail */
#define IMAP_FETCH_BODY (UINT64_C(1) << 30) /* bytes of the body of one mail */

/* What takes a body, piece by piece; false to break off. */
typedef bool imap_sink(const char *bytes, size_t length, void *context);

/* The bytes of a mail, as BODY.PEEK[].  0 when all of it has come; -ENOENT if it is gone; -EPERM if it is there,
 * but the server refuses it or gives nothing of it; -EBUSY if the server refuses it for a reason that is not about this
 * mail (session->answer); -EIO if the sink broke off (the session is of no more use); -EAGAIN. */
int imap_fetch(struct imap_session *session, uint32_t uid, imap_sink *sink, void *context, char **ret_reason);

/* Was the last refusal not about a mail: does the server want to be left alone, or somebody to do something, or does it
 * take no commands on this connection? */
bool imap_fetch_is_unwanted(const struct imap_session *session);

/* What takes mails as they come. */
struct imap_receiver {
	imap_sink *sink; /* of the mail that comes now, whichever that is */
	/* What went into the sink since the last call is the whole mail with this UID; 0: it was something else.  The
	 * next one has as long as this one had.  False to break off. */
	bool (*complete)(uint32_t uid, void *context);
	void *context;
};

/* The bytes of many mails by one command.  The server may give them in any order, more than once, others besides, or
 * leave some out: that is for the receiver to see.  0 when its answer is over; -EPERM if it then refuses; -EBUSY, -EIO
 * and -EAGAIN as above. */
int imap_fetch_many(struct imap_session *session, struct imap_uids mails, const struct imap_receiver *receiver,
                    char **ret_reason);

#endif
