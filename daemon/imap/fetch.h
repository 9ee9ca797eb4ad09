/* fetch.h - the bytes of one mail of the mailbox that is open. */
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
 * but the server refuses it or gives nothing of it; -EIO if the sink broke off (the session is of no more use);
 * -EAGAIN. */
int imap_fetch(struct imap_session *session, uint32_t uid, imap_sink *sink, void *context, char **ret_reason);

#endif
