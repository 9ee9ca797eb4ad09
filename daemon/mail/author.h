/* author.h - who wrote a mail: From, and who it was before a list rewrote it (RFC 5322 section 3.6.2). */
#ifndef PATCHMAILD_AUTHOR_H
#define PATCHMAILD_AUTHOR_H

#include <stdbool.h>

#include "mail/header.h"
#include "mail/mailbox.h"

struct author {
	struct mailbox from;     /* what From says */
	struct mailbox original; /* the author behind a list's rewritten From; email NULL if nothing shows it */
	const char *source;      /* the field that `original` was read from, as original_author_find() gives it */
	bool encoded;            /* the address in From is made of the one in `original`: it was rewritten for sure */
};

/* Read the author.  Forms of From: `"Name" <a@b>`, `a at b (Name)`, `a@b (Name)`, a bare address.  `original`
 * is filled whenever the fields allow it; whether From is the list's own address is for the database to say.
 * Returns 0, or -EBADMSG and a reason (the caller frees it) when From is missing or holds no address. */
int author_read(const struct header_list *headers, struct author *ret_author, char **ret_reason);
void author_release(struct author *author);

/* Is there exactly one From field, and exactly one mailbox in it, read one way only?  A second address anywhere but in
 * a comment or a quoted name, a group, and an address that is masked make it none; so does a From that not every
 * program sees (header_hides()), one of more than 2000 bytes, and an address with bytes of an unknown character set. */
bool author_is_single(const struct header_list *headers);

#endif
