/* references.h - the Message-IDs that a header names (RFC 5322 section 3.6.4). */
#ifndef PATCHMAILD_REFERENCES_H
#define PATCHMAILD_REFERENCES_H

#include <glib.h>

#include "mail/header.h"

/* The decoded Message-ID field's first <...>, else its trimmed value; NULL if there is none.  The caller frees it. */
char *references_own_id(const struct header_list *headers);

/* What a mail refers to, nearest first and without repeats: the <...>s of each In-Reply-To, then those of each
 * References from the last to the first; at most LIMITS_REFERENCES.  A field without any <...> gives its words with an
 * @ in them, in angle brackets and as they are.  Text in In-Reply-To counts for nothing, nor does who is named there:
 * an address that From, To, Cc or Reply-To have as well; and what follows its first <...> must have an @.  A GPtrArray
 * of char * that the caller unrefs. */
GPtrArray *references_read(const struct header_list *headers);

#endif
