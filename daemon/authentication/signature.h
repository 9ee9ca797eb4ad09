/* signature.h - what a checker copies out of a DKIM-Signature (RFC 6376 section 3.5). */
#ifndef PATCHMAILD_SIGNATURE_H
#define PATCHMAILD_SIGNATURE_H

#include <stdbool.h>

#include "mail/header.h"

/* Has a signature of this header (DKIM-Signature, ARC-Message-Signature or ARC-Seal) text in its domain, selector or
 * identity that an address does not have, such as a `;`, a blank or a quote?  Those are what a checker writes into its
 * results, and some of them write it as it came, or decoded: OpenDKIM does so with `i=`.  No honest signature has
 * it. */
bool signature_has_text(const struct header_list *headers);

#endif
