/* reply.h - what a client is told of his mails. */
#ifndef PATCHMAILD_LMTP_REPLY_H
#define PATCHMAILD_LMTP_REPLY_H

#include "lmtp/intake.h"

#define LMTP_REPLY_MAX 500 /* bytes of a reply with its CR LF; RFC 5321 section 4.5.3.1.5 allows 512 */

/* A line for each of so many recipients; the caller frees it. */
char *lmtp_reply_repeat(const char *reply, unsigned recipients);

/* A line for each recipient of a mail that is back, from the outcome of its list (RFC 2033 section 4.2); the caller
 * frees it. */
char *lmtp_reply_outcomes(const struct lmtp_mail *mail);

#endif
