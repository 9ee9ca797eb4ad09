/* login.h - logs in at an IMAP server, and says who we are (RFC 3501 section 6.2, RFC 2971).
 *
 * Used by session.c, which asks for the capabilities before and after.
 */
#ifndef PATCHMAILD_IMAP_LOGIN_H
#define PATCHMAILD_IMAP_LOGIN_H

#include "imap/command.h"
#include "settings/imap_account.h"

/* AUTHENTICATE with a first answer goes in one line if that is no longer than this. */
#define IMAP_LOGIN_LINE 8000

/* Who wants to be let in, and where. */
struct imap_login {
	enum imap_auth auth;
	const char *host; /* of the server; so that a token counts there alone (RFC 7628) */
	unsigned port;
	const char *user, *secret; /* empty texts if `auth` knows none */
};

/* Log in.  What the server does not offer is not tried, so that no secret gets there for nothing.  0; -EACCES if
 * the server does not let us in, or -EAGAIN, and a reason in words, one line (the caller frees it). */
int imap_login(struct imap_session *session, const struct imap_login *login, char **ret_reason);

/* Give our name and version, if the server knows ID; what it answers does not matter.  0; -EAGAIN and a reason. */
int imap_login_identify(struct imap_session *session, char **ret_reason);

#endif
