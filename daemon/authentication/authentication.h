/* authentication.h - who really sent a mail, as far as hosts that are believed say so: which fields count, what they
 * say, and the verdict on the author.
 *
 * Reads Authentication-Results (RFC 8601), ARC (RFC 8617) and Received-SPF (RFC 7208) of the outer header, never of a
 * mail within the mail.  Looks up nothing and verifies no signature: what nobody who is trusted says is not said.
 */
#ifndef PATCHMAILD_AUTHENTICATION_H
#define PATCHMAILD_AUTHENTICATION_H

#include <stdbool.h>
#include <glib.h>

#include "authentication/trust.h"
#include "authentication/verdict.h"
#include "mail/author.h"
#include "mail/header.h"

#define AUTHENTICATION_FIELDS 100 /* fields of a header that are read; those further down are not */
#define AUTHENTICATION_CLAIMS 500 /* results of them in the facts */

/* A field that was looked at. */
struct authentication_field {
	unsigned index; /* its number in the header, from 0 */
	const char *name;
	char *authserv_id; /* NULL if it has none */
	bool counts;
	const char *reason; /* why, or why not; never NULL */
};

struct authentication {
	GPtrArray *fields;                   /* of struct authentication_field, in the order of the header */
	GPtrArray *claims;                   /* of struct claim, likewise */
	unsigned unread;                     /* fields and results over the limits */
	struct verdict_with_reason author;   /* of author->from */
	struct verdict_with_reason original; /* of author->original; reason NULL if there is none */
};

/* Whose mail it is. */
struct authentication_author {
	const struct author *author; /* as author_read() gives it */
	bool single;                 /* author_is_single(), of each header that the author was read from */
	bool wrapped;                /* author->from is that of the mail in a list's wrapper */
};

/* Read a header.  Never fails.  The caller releases it. */
void authentication_read(const struct header_list *headers, const struct authentication_author *author,
                         const struct trust *trust, struct authentication *ret_authentication);
void authentication_release(struct authentication *authentication);

#endif
