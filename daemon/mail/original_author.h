/* original_author.h - who wrote a mail whose From a list rewrote, because of the author's DMARC policy. */
#ifndef PATCHMAILD_ORIGINAL_AUTHOR_H
#define PATCHMAILD_ORIGINAL_AUTHOR_H

#include <stdbool.h>

#include "mail/header.h"
#include "mail/mailbox.h"

/* Find the author.  The lists leave it
 *   in X-Original-From (Google Groups, rspamd, Sympa);
 *   in From's address: ada=example.org@lists.example.com (groups.io), ada=40example.org@dmarc.example.com (IETF);
 *   in Reply-To or Cc under the name X, if From's is `X via Y`, `X (via Y)` or `Y on behalf of X` (Mailman and others);
 *   in Author (RFC 9057);
 *   in From's name: `X (ada@example.org)`, `X via Y` with an address as X (Sympa), if Reply-To names nobody else;
 *   in Reply-To or Cc with the words of X in another order, else with U+FFFD for each byte that was not ASCII, else as
 *     the local part if X is one (`ada--- via Y`); else as the only one of Reply-To, if it has no name and its local
 *     part holds a word of X.
 * This is the order.  But for the first of those that have the same name, it must be the only one that fits; the
 * address in From itself never fits.
 *
 * Returns the field that it was read from: "X-Original-From", "From", "Reply-To", "Cc", "Author"; or NULL if nothing
 * shows it, and *ret_original is not touched.  The caller releases that.  *ret_encoded: it is the one in From's
 * address, and so From is rewritten, whoever's address it is; else whether it is the list's own one is for the database
 * to say. */
const char *original_author_find(const struct header_list *headers, const struct mailbox *from,
                                 struct mailbox *ret_original, bool *ret_encoded);

/* The X of From's name if a list made that, or NULL.  The caller frees it. */
char *original_author_name(const char *name);

#endif
